using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers.Convex.Programs;

/// <summary>
/// The lasso min ½‖Xw − y‖² + λ‖w‖₁ with w = p − n, p and n not negative, for X = [[1, 2], [3, 4], [5, 7]], y = (1, 0, 2). Its solution is piecewise affine in λ; the
/// active set changes at λ = 25/118.
/// </summary>
public sealed class LassoTests
{
    [Theory]
    [InlineData(0.05, -1.3642857142857, 1.2, 8.4285714285714, -6.0)]
    [InlineData(0.5, 0.0, 0.22463768115942, 0.0, -1.0 / 69.0)]
    [InlineData(17.0, 0.0, 0.0, 0.0, 0.0)]
    public void The_weights_and_how_they_follow_the_penalty(
        double penalty,
        double w1,
        double w2,
        double slope1,
        double slope2
    )
    {
        (Tensor weights, Tensor slopes) = Jvp(Weights, Scalar(penalty), Scalar(1.0));
        Close.Elementwise([w1, w2], weights.ToArray(), 1e-8);
        Close.Elementwise([slope1, slope2], slopes.ToArray(), 1e-8);
    }

    private static Tensor Weights(Tensor penalty)
    {
        Tensor x = Tensor.Of([1.0, 2.0, 3.0, 4.0, 5.0, 7.0], [3, 2]);
        Tensor y = Tensor.Of(1.0, 0.0, 2.0);
        (Tensor P, Tensor N) zero = (Zeros([2]), Zeros([2]));
        (Tensor p, Tensor n) = ConvexProgram
            .Minimise(((Tensor P, Tensor N) w) => (0.5 * Sumsq(MatMul(x, w.P - w.N) - y)) + (penalty * Sum(w.P + w.N)))
            .SubjectTo(w => [w.P >= 0.0, w.N >= 0.0])
            .Argmin(zero);
        return p - n;
    }
}
