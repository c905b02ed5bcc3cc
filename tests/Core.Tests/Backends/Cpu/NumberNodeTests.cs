using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>What a body makes of numbers alone is computed when it is prepared, as it would be in a run.</summary>
public sealed class NumberNodeTests
{
    private static readonly Scalar X = new Scalar.Input(0, DType.Float64);

    [Fact]
    public void Only_what_depends_on_an_element_is_left()
    {
        Node[] nodes = BodyNodes.Of(X * (X.Number(2.0).Apply(UnaryIntrinsic.Exp) - X.Number(1.0)), out bool[] isUsed);
        Node product = Assert.Single(nodes.Where((node, i) => node.IsComputed && isUsed[i]));
        Assert.Equal(Math.Exp(2.0) - 1.0, nodes[product.B].Number, 14);
    }

    [Fact]
    public void A_product_and_a_sum_of_numbers_round_once()
    {
        Scalar tenth = X.Number(0.1);
        double tanh = BodyNodes.Of(tenth.Apply(UnaryIntrinsic.Tanh), out _)[^1].Number;
        Node sum = BodyNodes.Of((tenth.Apply(UnaryIntrinsic.Tanh) * tenth) + X.Number(-0.01), out _)[^1];
        Assert.Equal((NodeKind.Constant, Math.FusedMultiplyAdd(tanh, 0.1, -0.01)), (sum.Kind, sum.Number));
        Assert.NotEqual((tanh * 0.1) - 0.01, sum.Number);
    }

    [Fact]
    public void What_may_fail_fails_where_it_runs()
    {
        var zero = new Scalar.Constant(0, DType.Int64);
        Assert.True(BodyNodes.Of(zero / zero, out _)[^1].IsComputed);
        Assert.True(BodyNodes.Of(zero.Apply(BinaryIntrinsic.Power, zero.Number(-1)), out _)[^1].IsComputed);
    }

    [Fact]
    public void A_whole_number_that_no_float64_number_is_stays_computed()
    {
        var large = new Scalar.Constant(1L << 53, DType.Int64);
        Assert.True(BodyNodes.Of(large + large.Number(1), out _)[^1].IsComputed);
        Node sum = BodyNodes.Of(large.Number(3) + large.Number(-5), out _)[^1];
        Assert.Equal((NodeKind.Constant, -2.0), (sum.Kind, sum.Number));
    }
}
