using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Runs the adjoint equation from the last output to the first, with the size of its steps carried through the jumps.</summary>
internal sealed record BacksolveRun(OdeProblem Problem, ValueArray<bool> Needed) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        int n = Problem.Leaves;
        OdeKernels kernels = Problem.Kernels.Adjoint(Needed);
        double[] times = Elements.ToDoubles(inputs[^1]);
        Array.Reverse(times);
        Buffer[] start = Elements.Zeros(kernels.Problem.State);
        Elements.CopyRow(inputs[..(2 * n)], times.Length - 1, start.AsSpan(0, 2 * n));
        var jumps = new Jumps(n, inputs[..(2 * n)], times.Length);
        ReadOnlySpan<Buffer> captures = inputs[(2 * n)..^1];
        var driver = new OdeDriver(kernels, StepGrid.Of(times), start, captures, jumps, stopsAtOutputs: true);
        driver.RunOrThrow("adjoint equation: ");
        Elements.Copy(driver.State[n..], outputs);
        driver.Return();
        Buffer.Release(start);
    }

    /// <summary>At each output, y starts anew from the forward solution, and the output's cotangent is added to a.</summary>
    private sealed class Jumps(int n, ReadOnlySpan<Buffer> given, int times) : IStepObserver
    {
        private readonly Buffer[] rows = given.ToArray();
        private readonly LinearCombination sum = new();

        public void Accepted(int step, double start, double size, Stepper stepper) { }

        public void Emitted(int output, Stepper stepper, int step, double theta)
        {
            if (output == 0)
                return;
            ReadOnlySpan<Buffer> state = stepper.End;
            int row = times - 1 - output;
            Elements.CopyRow(rows.AsSpan(0, n), row, state[..n]);
            for (int leaf = n; leaf < 2 * n; leaf++)
                sum.AddRow(rows[leaf], row, state[leaf]);
        }
    }
}
