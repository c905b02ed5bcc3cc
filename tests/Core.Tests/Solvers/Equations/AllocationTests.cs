using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Memory does not grow with the number of steps, forward or backward.</summary>
public sealed class AllocationTests
{
    public static TheoryData<string> Methods => ["picard", "anderson", "broyden"];

    /// <summary>A contraction by 0.9999 that is stopped by its tolerance after few or many steps.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void More_steps_allocate_nothing_more(string method)
    {
        Tensor Loss(Tensor p, double tolerance) =>
            Tensor.Sum(
                FixedPoint.Find(
                    z => (Rates * z) + p,
                    Tensor.Zeros([Rates.Length]),
                    new EquationOptions
                    {
                        Method = EquationCases.Methods[method],
                        RelativeTolerance = tolerance,
                        MaxSteps = 100_000,
                        Derivative = new ImplicitDerivative.OneStep(),
                    }
                )
            );
        long few = Allocated(() => Differentiation.Grad((Tensor p) => Loss(p, 1e-2), Ones).ToArray());
        long many = Allocated(() => Differentiation.Grad((Tensor p) => Loss(p, 1e-10), Ones).ToArray());
        Assert.True(many - few < 2000, $"{few} bytes for few steps, {many} bytes for many");
    }

    private static Tensor Rates { get; } =
        Tensor.Of([.. Enumerable.Range(0, 40).Select(i => 0.99 * Math.Cos(0.07 * i))]);

    private static Tensor Ones { get; } = Tensor.Ones([40]);

    private static long Allocated(Action run)
    {
        for (int warm = 0; warm < 3; warm++)
            run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
