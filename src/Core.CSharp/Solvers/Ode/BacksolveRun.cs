using Implicit.Kernels;
using Implicit.Runtime;
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
        var jumps = new Jumps(Problem.Kernels, inputs[..(2 * n)], times.Length);
        ReadOnlySpan<Buffer> captures = inputs[(2 * n)..^1];
        var driver = new OdeDriver(kernels, StepGrid.Of(times), start, captures, jumps, stopsAtOutputs: true);
        driver.RunOrThrow("adjoint equation: ");
        Elements.Copy(driver.State[n..], (Buffer[])[.. outputs!]);
        driver.Return();
        jumps.Release();
        Buffer.Release(start);
    }

    /// <summary>At each output, y starts anew from the forward solution, and the output's cotangent is added to a.</summary>
    private sealed class Jumps(OdeKernels kernels, ReadOnlySpan<Buffer> given, int times) : IStepObserver
    {
        private readonly int n = kernels.Problem.Leaves;
        private readonly Buffer[] rows = given.ToArray();
        private readonly CompiledFunction add = kernels.Add;
        private readonly Buffer[] sum = kernels.Add.AllocateResults();
        private readonly Buffer[] terms = [.. kernels.Add.AllocateResults(), .. kernels.Add.AllocateResults()];

        public void Accepted(int step, double start, double size, Stepper stepper) { }

        /// <summary>Gives its memory back to the pool.</summary>
        public void Release()
        {
            Buffer.Release(sum);
            Buffer.Release(terms);
        }

        public void Emitted(int output, ReadOnlySpan<Buffer> state, int step, double theta)
        {
            if (output == 0)
                return;
            int row = times - 1 - output;
            Elements.CopyRow(rows.AsSpan(0, n), row, state[..n]);
            Elements.CopyRow(rows.AsSpan(n), row, terms.AsSpan(n));
            Elements.Copy(state[n..(2 * n)], terms.AsSpan(0, n));
            add.Run(terms, sum);
            Elements.Copy(sum, state[n..(2 * n)]);
        }
    }
}
