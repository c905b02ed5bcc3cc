using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Ops;

/// <summary>A norm whose squares leave the range has the derivatives of one that is not so long or short.</summary>
public sealed class ScaledNormTests
{
    /// <summary>Of ‖k·(3, 4)‖ the gradient is (0.6, 0.8), and k times the Hessian (0.128, −0.096; −0.096, 0.072).</summary>
    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-160)]
    [InlineData(1.0)]
    [InlineData(1e160)]
    [InlineData(1e300)]
    public void Derivatives_are_those_of_any_unit(double unit)
    {
        Tensor x = unit * Tensor.Of(3.0, 4.0);
        static Tensor Norm(Tensor v) => Tensor.ScaledNorm(v);
        Close.Elementwise([5.0], [Norm(x).ToDouble() / unit], 1e-15);
        Close.Elementwise([0.6, 0.8], Differentiation.Grad((Tensor v) => Norm(v), x).ToArray(), 1e-15);
        // Rows of the Hessian in units of its size, which leaves the range at the ends.
        Tensor direction = unit * Tensor.Of(1.0, 0.0);
        Tensor row = Differentiation
            .Jvp((Tensor v) => Differentiation.Grad((Tensor u) => Norm(u), v), x, direction)
            .Tangent;
        Close.Elementwise([0.128, -0.096], row.ToArray(), 1e-14);
    }
}
