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
        Stepper stepper = Problem.Kernels.Stepper(StepParts.Stages, inputs[..n], inputs[n..^2]);
        int next = 0;
        Elements.WriteRow(stepper.State, record.Emissions[next++].Output, outputs);
        if (record.Count > 0)
            stepper.Begin(record[0].Start);
        for (int step = 0; step < record.Count; step++)
        {
            stepper.Try(record[step].Start, record[step].Size);
            for (; next < record.Emissions.Count && record.Emissions[next].Step == step; next++)
                Elements.WriteRow(stepper.At(record.Emissions[next].Theta), record.Emissions[next].Output, outputs);
            stepper.Accept();
        }
        stepper.Return([]);
    }
}
