using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Runs a solve: (y₀ leaves, captures, times) → (leaves at the times, and the record if it is wanted).</summary>
internal sealed record OdeintRun(OdeProblem Problem, OnFail OnFail, ValueArray<bool> Moving, bool KeepsRecord)
    : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        int n = Problem.Leaves;
        StepGrid grid = StepGrid.Of(Elements.ToDoubles(inputs[^1]));
        bool keepsSteps = KeepsRecord && Problem.Options.Adjoint is not Adjoint.Backsolve;
        var recorder = new Recorder(
            outputs[..n].ToArray()!,
            KeepsRecord ? new OdeRecord(keepsSteps ? new OdeTrail(Problem) : null, grid.Times.Length) : null
        );
        bool records = keepsSteps && OdeTrail.Records(Problem);
        var driver = new OdeDriver(
            Problem.Kernels,
            grid,
            inputs[..n],
            inputs[n..^1],
            recorder,
            records: records,
            moving: KeepsRecord ? Moving : null
        );
        driver.Run();
        // Where the derivative alone is what fails, no value may be left out for it.
        if (OnFail == OnFail.Throw || driver.IsHeldBack)
            driver.RequireSuccess();
        if (driver.Outcome.Status != OdeStatus.Success)
            Erase(outputs[..n]);
        // Otherwise the memory of the solve is that of steps that are kept.
        if (recorder.Record?.Trail is not { Tapes.Count: > 0 })
            driver.Return();
        if (KeepsRecord)
            outputs[^1] = new ObjectBuffer(recorder.Record!);
    }

    private static void Erase(ReadOnlySpan<Buffer?> rows)
    {
        foreach (Buffer? leaf in rows)
            Elements.Fill(leaf!, double.NaN);
    }

    /// <summary>Writes outputs as rows, and keeps the record.</summary>
    private sealed class Recorder(Buffer[] rows, OdeRecord? record) : IStepObserver
    {
        public OdeRecord? Record => record;

        public void Accepted(int step, double start, double size, Stepper stepper)
        {
            if (record is null)
                return;
            record.Accept(start, size);
            record.Trail?.Add(step, stepper);
        }

        public void Emitted(int output, Stepper stepper, int step, double theta)
        {
            stepper.Write(theta, rows, output);
            record?.Emit(output, step, theta);
        }
    }
}
