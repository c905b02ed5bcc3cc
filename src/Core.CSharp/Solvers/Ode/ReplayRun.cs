using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Runs a replay: (y₀ leaves, captures, times, record) → leaves at the output times.</summary>
internal sealed record ReplayRun(OdeProblem Problem) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        int n = Problem.Leaves;
        var record = (OdeRecord)((ObjectBuffer)inputs[^1]).Value;
        Stepper stepper = Problem.Kernels.Stepper(StepParts.Stages, inputs[..n], inputs[n..^2]);
        int next = 0;
        stepper.Write(0.0, outputs, record.Emissions[next++].Output);
        if (record.Count > 0)
            stepper.Begin(record[0].Start);
        for (int step = 0; step < record.Count; step++)
        {
            stepper.Try(record[step].Start, record[step].Size);
            for (; next < record.Emissions.Count && record.Emissions[next].Step == step; next++)
                stepper.Write(record.Emissions[next].Theta, outputs, record.Emissions[next].Output);
            stepper.Accept();
        }
        stepper.Return([]);
    }
}
