using Xunit;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>A descent that gains nothing any more ends before its steps do.</summary>
public sealed class StagnationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tolerance_that_rounding_hides_is_given_up(bool isLimitedMemory)
    {
        Solution<Tensor> solution = Minimise.Solve(
            z => Tensor.Sumsq(z - 1.0) + (0.25 * Tensor.Sum(z * z * z * z)),
            Tensor.Zeros([2]),
            new MinimiseOptions
            {
                Method = isLimitedMemory ? new MinimiseMethod.Lbfgs() : new MinimiseMethod.Bfgs(),
                AbsoluteTolerance = 1e-17,
                RelativeTolerance = 0.0,
                MaxSteps = 10_000,
            }
        );
        Assert.False(solution.IsSuccess);
        Assert.InRange(solution.Steps, 1, 1000);
        Assert.InRange(solution.Residual, 0.0, 1e-14);
    }
}
