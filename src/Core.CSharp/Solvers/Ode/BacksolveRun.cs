using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Runs the adjoint equation from the last output to the first, with the size of its steps carried through the jumps.</summary>
internal sealed record BacksolveRun(OdeProblem Problem, ValueArray<bool> Needed) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        int n = Problem.Leaves;
        OdeKernels kernels = Problem.Kernels.Adjoint(Needed);
        double[] times = Elements.ToDoubles(inputs[^1]);
        Array.Reverse(times);
        Buffer[] start = Elements.Zeros(kernels.Problem.State);
        Elements.CopyRow(inputs[..(2 * n)], times.Length - 1, start.AsSpan(0, 2 * n));
        var jumps = new BacksolveJumps(kernels.Problem, inputs[..(2 * n)], times);
        ReadOnlySpan<Buffer> captures = inputs[(2 * n)..^1];
        var driver = new OdeDriver(kernels, StepGrid.Of(times), start, captures, jumps, stopsAtOutputs: true);
        driver.Run();
        driver.RequireSuccess("adjoint equation: ");
        if (jumps.Loss is { } loss)
            throw new SolveException($"[odeint] adjoint equation: {loss}");
        Elements.Copy(driver.State[n..], outputs);
        driver.Return();
        Buffer.Release(start);
    }
}
