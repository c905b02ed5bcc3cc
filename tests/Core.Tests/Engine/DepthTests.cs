using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>Walks are iterative and linear: what would overflow a stack or take quadratic time does not end here.</summary>
public sealed class DepthTests
{
    private const int Depth = 100_000;

    [Fact]
    public void A_long_chain_evaluates()
    {
        Tensor x = Tensor.Of(1.0);
        for (int i = 0; i < Depth; i++)
            x += 1e-5;
        Assert.Equal(2.0, x.ToDouble(), 1e-9);
    }

    [Fact]
    public void A_long_chain_differentiates()
    {
        (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(
            x => Tensor.Sum(Shrink(x, Depth)),
            Tensor.Of(1.0)
        );
        double expected = 1.0;
        double slope = 1.0;
        for (int i = 0; i < Depth; i++)
        {
            slope *= 1.0 - (2e-5 * expected);
            expected -= 1e-5 * expected * expected;
        }
        Assert.Equal(expected, value.ToDouble(), 1e-9);
        Assert.Equal(slope, gradient.ToDouble(), 1e-9);
    }

    [Fact]
    public void The_tangent_of_a_chain_is_computed_after_it_is_built()
    {
        (Tensor value, Tensor tangent) = Differentiation.Jvp(x => Shrink(x, 5000), Tensor.Of(1.0), Tensor.Of(1.0));
        (_, Tensor gradient) = Differentiation.ValueAndGrad(x => Tensor.Sum(Shrink(x, 5000)), Tensor.Of(1.0));
        Assert.Equal(1.0 / 1.05, value.ToDouble(), 1e-5);
        Assert.Equal(gradient.ToDouble(), tangent.ToDouble(), 1e-12);
    }

    private static Tensor Shrink(Tensor x, int depth)
    {
        for (int i = 0; i < depth; i++)
            x -= 1e-5 * x * x;
        return x;
    }
}
