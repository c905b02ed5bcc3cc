using Implicit.Backends.Cpu;
using Implicit.Tests.Engine;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>What batches leave behind whose items end one after the other: their memory shrinks on the way, and is given back each time.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int Items = 64;
    private const int Length = 2000;
    private const long Batch = Items * Length * sizeof(double);

    private static Tensor Rates { get; } = Tensor.Of([.. Enumerable.Range(0, Items).Select(i => 0.98 * i / Items)]);

    private static Tensor Wave { get; } = Tensor.Cos(Tensor.Cast(Tensor.Arange(Length), DType.Float64));

    [Fact]
    public void A_fixed_point_leaves_its_solution()
    {
        var options = new EquationOptions
        {
            Method = new Picard(),
            RelativeTolerance = 1e-8,
            MaxSteps = 10_000,
        };
        long left = Left(() =>
            Vectorisation.Vmap(
                rate => FixedPoint.Find(z => (rate * Tensor.Tanh(z)) + Wave, Tensor.Zeros([Length]), options),
                Rates
            )
        );
        Assert.InRange(left, Batch, Batch + (Batch / 4));
    }

    [Fact]
    public void A_linear_solve_leaves_its_solution()
    {
        var solver = new LinearSolver.Gmres { RelativeTolerance = 1e-8 };
        long left = Left(() =>
            Vectorisation.Vmap(
                rate => LinearSystem.Solve(LinearOperator.Diagonal(1.0 + (rate * Wave)), Wave + 2.0, solver),
                Rates
            )
        );
        Assert.InRange(left, Batch, Batch + (Batch / 4));
    }

    /// <summary>
    /// The bytes of native memory that a computation leaves when it has been done before: more than once, as what it captures has a value of its own
    /// from the second time on, and then other plans, with memory of theirs.
    /// </summary>
    private static long Left(Func<Tensor> compute)
    {
        for (int i = 0; i < 3; i++)
        {
            compute().ToArray();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        long start = Pool.Shared.Outstanding;
        Tensor value = compute();
        value.ToArray();
        long left = Pool.Shared.Outstanding - start;
        GC.KeepAlive(value);
        return left;
    }
}
