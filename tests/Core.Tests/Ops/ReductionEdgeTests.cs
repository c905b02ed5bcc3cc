using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Ops;

/// <summary>What reductions do with ties, infinities, NaN, nothing, and what they cannot work with.</summary>
public sealed class ReductionEdgeTests
{
    private const double Infinity = double.PositiveInfinity;

    /// <summary>Threads share a total in runs of 8192 elements; a row of a batch is folded by one.</summary>
    [Theory]
    [InlineData(8192)]
    [InlineData(8193)]
    [InlineData(100_003)]
    public void A_total_is_to_the_bit_what_it_is_as_a_row(int length)
    {
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            Tensor x = Tensor.Sin(Tensor.Linspace(0.0, length, length, dtype));
            x.ToArray();
            Tensor rows = Tensor.Stack([x, x], 0);
            rows.ToArray();
            Assert.Equal(Tensor.Sum(rows, 1).ToArray()[1], Tensor.Sum(x).ToDouble());
            Assert.Equal(Tensor.Sum(Tensor.Exp(rows), 1).ToArray()[1], Tensor.Sum(Tensor.Exp(x)).ToDouble());
        }
    }

    /// <summary>Whether they are computed or lie in memory, and however they are reduced.</summary>
    [Theory]
    [InlineData(3, 300)]
    [InlineData(300, 3)]
    [InlineData(1, 1100)]
    [InlineData(700, 600)]
    public void A_sum_of_negative_zeros_is_zero(int rows, int columns)
    {
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        foreach (int axis in new[] { 0, 1 })
        {
            Tensor x = Tensor.Reshape(Tensor.Linspace(-0.3, -0.1, rows * columns, dtype), [rows, columns]);
            x.ToArray();
            Tensor zeros = Tensor.Round(x);
            zeros.ToArray();
            Assert.All(Tensor.Sum(Tensor.Round(x), axis).ToArray(), sum => Assert.False(double.IsNegative(sum)));
            Assert.All(Tensor.Sum(zeros, axis).ToArray(), sum => Assert.False(double.IsNegative(sum)));
        }
    }

    /// <summary>The rounding of each of a million float32 additions would leave 1 % of error.</summary>
    [Fact]
    public void A_long_running_sum_of_float32_stays_accurate()
    {
        const int n = 1_000_000;
        Tensor sums = Tensor.Cumsum(Tensor.Full([n], 0.1, DType.Float32));
        Assert.Equal(n * (double)0.1f, sums[^1].ToDouble(), n * 1e-8);
    }

    [Fact]
    public void A_scalar_has_no_axis()
    {
        foreach (
            (string op, Func<Tensor, Tensor> f) in new (string, Func<Tensor, Tensor>)[]
            {
                ("softmax", x => Tensor.Softmax(x)),
                ("logSoftmax", x => Tensor.LogSoftmax(x)),
                ("sort", x => Tensor.Sort(x)),
                ("sum", x => Tensor.Sum(x, 0)),
            }
        )
            Assert.StartsWith(
                $"[{op}] there must be an axis. Received a scalar",
                Assert.Throws<TensorException>(() => f(Tensor.Scalar(1.0))).Message
            );
    }

    [Fact]
    public void The_sum_and_product_of_nothing_are_neutral()
    {
        Assert.Equal(0.0, Tensor.Sum(Empty()).ToDouble());
        Assert.Equal([0.0, 0.0], Tensor.Sum(Empty(), 1).ToArray());
        Assert.Equal([1.0, 1.0], Tensor.Prod(Empty(), 1).ToArray());
        Assert.Equal([0.0, 0.0], Tensor.Norm(Empty(), 1).ToArray());
        Assert.Equal([1.0, 1.0], Tensor.All(Empty() > 0.0, 1).ToArray());
        Assert.Equal([0.0, 0.0], Tensor.Any(Empty() > 0.0, 1).ToArray());
        Assert.Empty(Tensor.Max(Empty(), 0).ToArray());
    }

    [Fact]
    public void Nothing_has_no_mean_and_no_extremum()
    {
        Refuses("[max]", () => Tensor.Max(Empty()));
        Refuses("[min]", () => Tensor.Min(Empty(), 1));
        Refuses("[argmax]", () => Tensor.Argmax(Empty(), -1));
        Refuses("[mean]", () => Tensor.Mean(Empty()));
        Refuses("[variance]", () => Tensor.Variance(Empty()));
        Refuses("[logSumExp]", () => Tensor.LogSumExp(Empty()));
        Refuses("[softmax]", () => Tensor.Softmax(Empty()));
    }

    [Fact]
    public void Integers_have_no_mean_and_truths_no_sum()
    {
        Refuses("[mean]", () => Tensor.Mean(Tensor.Of([1L, 2L])));
        Refuses("[softmax]", () => Tensor.Softmax(Tensor.Of([1L, 2L])));
        Refuses("[logSumExp]", () => Tensor.LogSumExp(Tensor.Of([1L, 2L])));
        Refuses("[sum]", () => Tensor.Sum(Tensor.Of(1.0, 2.0) > 0.0));
        Refuses("[max]", () => Tensor.Max(Tensor.Of(1.0, 2.0) > 0.0));
        Refuses("[all]", () => Tensor.All(Tensor.Of(1.0, 2.0)));
    }

    [Fact]
    public void Axes_are_checked()
    {
        Refuses("[sum]", () => Tensor.Sum(Tensor.Of(1.0, 2.0), 1));
        Refuses("[mean]", () => Tensor.Mean(Tensor.Zeros([2, 3]), 0, -2));
        Refuses("[logSumExp]", () => Tensor.LogSumExp(Tensor.Of(1.0), 5));
    }

    [Fact]
    public void Scalars_reduce_to_themselves()
    {
        Tensor x = Tensor.Scalar(3.0);
        Assert.Equal(
            [3.0, 3.0, 3.0, 3.0],
            new[] { Tensor.Sum(x), Tensor.Prod(x), Tensor.Max(x), Tensor.Mean(x) }.Select(y => y.ToDouble())
        );
        Assert.Equal(3.0, Tensor.LogSumExp(x).ToDouble());
        Assert.Equal(0.0, Tensor.Argmax(x).ToDouble());
        Assert.Equal(1.0, Gradient(y => Tensor.Prod(y), Tensor.Of([3.0], Shape.Scalar)).ToDouble());
    }

    [Fact]
    public void Ties_share_the_derivative()
    {
        Tensor x = Tensor.Of(1.0, 2.0, 2.0, 0.0);
        Assert.Equal([0.0, 0.5, 0.5, 0.0], Gradient(y => Tensor.Max(y), x).ToArray());
        Assert.Equal(
            0.25,
            Differentiation.Jvp(y => Tensor.Max(y), x, Tensor.Of(1.0, 0.5, 0.0, 3.0)).Tangent.ToDouble()
        );
        Assert.Equal(1.0, Tensor.Argmax(x).ToDouble());
    }

    [Fact]
    public void NaN_is_an_extremum_and_its_position_is_found()
    {
        Tensor x = Tensor.Of(1.0, double.NaN, 3.0);
        Assert.True(double.IsNaN(Tensor.Max(x).ToDouble()));
        Assert.True(double.IsNaN(Tensor.Min(x).ToDouble()));
        Assert.Equal(1.0, Tensor.Argmax(x).ToDouble());
        Assert.Equal(1.0, Tensor.Argmin(x).ToDouble());
    }

    [Fact]
    public void NaN_as_an_extremum_has_the_derivative_in_both_modes()
    {
        Tensor x = Tensor.Of(1.0, double.NaN, 3.0);
        foreach (Func<Tensor, Tensor> f in new Func<Tensor, Tensor>[] { y => Tensor.Max(y), y => Tensor.Min(y) })
        {
            Assert.Equal([0.0, 1.0, 0.0], Gradient(f, x).ToArray());
            Assert.Equal(5.0, Differentiation.Jvp(f, x, Tensor.Of(4.0, 5.0, 6.0)).Tangent.ToDouble());
        }
    }

    [Fact]
    public void LogSumExp_survives_infinities_and_large_numbers()
    {
        Assert.Equal(-Infinity, Tensor.LogSumExp(Tensor.Of(-Infinity, -Infinity)).ToDouble());
        Assert.Equal(Infinity, Tensor.LogSumExp(Tensor.Of(0.0, Infinity)).ToDouble());
        Assert.Equal(1000.0 + Math.Log(2.0), Tensor.LogSumExp(Tensor.Of(1000.0, 1000.0)).ToDouble(), 1e-12);
        Assert.Equal([0.0, 0.0], Gradient(x => Tensor.LogSumExp(x), Tensor.Of(-Infinity, -Infinity)).ToArray());
        Assert.Equal([0.0, 1.0], Gradient(x => Tensor.LogSumExp(x), Tensor.Of(-Infinity, 2.0)).ToArray());
    }

    [Fact]
    public void Softmax_survives_large_numbers_and_masks()
    {
        Assert.Equal([0.5, 0.5, 0.0], Tensor.Softmax(Tensor.Of(1000.0, 1000.0, -Infinity)).ToArray());
        Assert.Equal([0.0, -1000.0], Tensor.LogSoftmax(Tensor.Of(1000.0, 0.0)).ToArray());
    }

    [Fact]
    public void Norms_have_no_derivative_but_zero_at_zero()
    {
        Tensor zero = Tensor.Zeros([2]);
        Assert.Equal([0.0, 0.0], Gradient(x => Tensor.Norm(x), zero).ToArray());
        Assert.Equal([0.0, 0.0], Gradient(x => Gradient(y => Tensor.Norm(y), x), zero).ToArray());
        Assert.Equal([0.0, 0.0], Gradient(x => Tensor.SumNorm(x), zero).ToArray());
        Assert.Equal([0.0, 0.0], Gradient(x => Tensor.StandardDeviation(x), zero).ToArray());
    }

    private static Tensor Empty() => Tensor.Of([], [2, 0]);

    private static void Refuses(string op, Func<Tensor> build) =>
        Assert.StartsWith(op, Assert.Throws<TensorException>(build).Message);

    private static Tensor Gradient(Func<Tensor, Tensor> f, Tensor x) =>
        Differentiation.ValueAndGrad<Tensor, Tensor>(y => Tensor.Sum(f(y)), x).Gradient;
}
