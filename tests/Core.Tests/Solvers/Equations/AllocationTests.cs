using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Memory does not grow with the number of steps, forward or backward.</summary>
public sealed class AllocationTests
{
    public static TheoryData<string> Methods => ["picard", "anderson", "anderson, period 1", "broyden"];

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
        long few = Bytes.Of(() => Differentiation.Grad((Tensor p) => Loss(p, 1e-2), Ones).ToArray());
        long many = Bytes.Of(() => Differentiation.Grad((Tensor p) => Loss(p, 1e-10), Ones).ToArray());
        Assert.True(many - few < 2000, $"{few} bytes for few steps, {many} bytes for many");
    }

    /// <summary>From far away, Newton's steps on exp(z) + Rz = 300 lessen z by about 1 each.</summary>
    [Fact]
    public void More_steps_by_Newton_allocate_nothing_more()
    {
        int Steps(int most) =>
            Root.Solve(
                z => Tensor.Exp(z) + (Rates * z) - 300.0,
                Tensor.Zeros([Rates.Length]) + 20.0,
                new EquationOptions { Method = new Newton(), MaxSteps = most }
            ).Steps;

        Assert.Equal((4, 8), (Steps(4), Steps(8)));
        // The list of residuals grows.
        Assert.InRange(Bytes.Of(() => Steps(8)) - Bytes.Of(() => Steps(4)), 0, 200);
    }

    private static Tensor Rates { get; } =
        Tensor.Of([.. Enumerable.Range(0, 40).Select(i => 0.99 * Math.Cos(0.07 * i))]);

    private static Tensor Ones { get; } = Tensor.Ones([40]);
}
