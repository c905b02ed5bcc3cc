using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Runs a replay: (y₀ leaves, captures, times, record) → leaves at the output times.</summary>
internal sealed record ReplayRun(OdeProblem Problem) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        int n = Problem.Leaves;
        var record = (OdeRecord)((ObjectBuffer)inputs[^1]).Value;
        var stepper = new GridStepper(Problem, inputs[..n], inputs[n..^2]);
        int next = 0;
        Emit(stepper.State, record.Emissions[next++].Output, outputs);
        for (int step = 0; step < record.Count; step++)
        {
            bool isPrepared = false;
            for (
                ;
                next < record.Emissions.Count
                    && record.Emissions[next] is { IsStepEnd: false } inside
                    && inside.Step == step;
                next++
            )
            {
                if (!isPrepared)
                    stepper.Prepare(record[step]);
                isPrepared = true;
                Emit(stepper.Inside(record[step], inside.Theta), inside.Output, outputs);
            }
            stepper.Advance(record[step]);
            if (next < record.Emissions.Count && record.Emissions[next].Step == step)
                Emit(stepper.State, record.Emissions[next++].Output, outputs);
        }
    }

    private static void Emit(ReadOnlySpan<Buffer> state, int output, Span<Buffer?> rows)
    {
        for (int leaf = 0; leaf < state.Length; leaf++)
            rows[leaf]!.CopyFrom(state[leaf], 0, output * state[leaf].Length, state[leaf].Length);
    }
}
