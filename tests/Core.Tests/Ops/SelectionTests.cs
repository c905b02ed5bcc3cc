using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Ops;

/// <summary>What is not selected has a derivative of 0, even where it has no finite one of its own: in both modes and orders, and in batches.</summary>
public sealed class SelectionTests
{
    private static readonly Dictionary<
        string,
        (Func<Tensor, Tensor> F, double[] X, double[] First, double[] Second)
    > Cases = new()
    {
        ["a root"] = (x => Tensor.Where(x > 0.0, Tensor.Sqrt(x), 0.0), [-1, 0, 4], [0, 0, 0.25], [0, 0, -1 / 32.0]),
        ["a logarithm"] = (x => Tensor.Where(x > 0.0, Tensor.Log(x), x), [-1, 0, 2], [1, 1, 0.5], [0, 0, -0.25]),
        ["a power"] = (x => Tensor.Where(x > 0.0, Tensor.Pow(x, -1.0), 0.0), [-1, 0, 2], [0, 0, -0.25], [0, 0, 0.25]),
        ["an overflow"] = (x => Tensor.Where(x < 9.0, Tensor.Exp(x), x), [0, 1000], [1, 1], [1, 0]),
        ["otherwise"] = (
            x => Tensor.Where(Tensor.Equal(x, 0.0), 1.0, Tensor.Sin(x) / x),
            [0, Math.PI],
            [0, -1 / Math.PI],
            [0, 2 / (Math.PI * Math.PI)]
        ),
        ["used twice on the way"] = (
            x =>
            {
                Tensor r = Tensor.Sqrt(x);
                return Tensor.Where(x > 0.0, r * r * Tensor.Log(r), 0.0);
            },
            [0, 1],
            [0, 0.5],
            [0, 0.5]
        ),
        ["one within another"] = (
            x => Tensor.Where(x > 0.0, Tensor.Where(x < 9.0, Tensor.Sqrt(9.0 - x), Tensor.Log(x - 9.0)), x),
            [-1, 5, 9, 11],
            [1, -0.25, double.PositiveInfinity, 0.5],
            [0, -1 / 32.0, double.NegativeInfinity, -0.25]
        ),
        ["used in two selections"] = (
            x =>
            {
                Tensor s = Tensor.Sqrt(x);
                return Tensor.Where(x > 0.0, s, 0.0) + Tensor.Where(x > 0.5, 2.0 * s, 0.0);
            },
            [0, 0.25, 1],
            [0, 1, 1.5],
            [0, -2, -0.75]
        ),
        ["a product of two selections"] = (
            x =>
            {
                Tensor s = Tensor.Sqrt(x);
                return Tensor.Where(x > 0.0, s, 0.0) * Tensor.Where(!(x <= 0.0), s, 1.0);
            },
            [0, 4],
            [0, 1],
            [0, 0]
        ),
        ["the larger"] = (x => Tensor.Maximum(Tensor.Sqrt(x), 1.0), [0, 1, 4], [0, 0.25, 0.25], [0, -0.125, -1 / 32.0]),
        ["the larger of two, where it is wanted"] = (
            x => Tensor.Where(x > 0.0, Tensor.Maximum(Tensor.Sqrt(x), x), 0.0),
            [0, 0.25, 4],
            [0, 1, 1],
            [0, -2, 0]
        ),
        ["the larger of the smaller, where it is wanted"] = (
            x =>
            {
                Tensor least = Tensor.Minimum(Tensor.Sqrt(x), Tensor.Log(x));
                return Tensor.Where(x > 0.0, Tensor.Maximum(least * least, -least), 0.0);
            },
            [0, 0.5, Math.E * Math.E],
            [0, -2, 4 / (Math.E * Math.E)],
            [0, 4, -2 / Math.Exp(4.0)]
        ),
        ["two branches, where they are wanted"] = (
            x => Tensor.Where(x > 0.0, Tensor.Where(x > 1.0, Tensor.Sqrt(x), 2.0 * Tensor.Sqrt(x)), 0.0),
            [0, 0.25, 4],
            [0, 2, 0.25],
            [0, -4, -1 / 32.0]
        ),
        ["two branches of what is wanted"] = (
            x =>
            {
                Tensor root = Tensor.Sqrt(Tensor.Where(x > 0.0, x, 1.0));
                return Tensor.Where(x > 1.0, root, Tensor.Where(x > 0.0, 2.0 * root, 0.0));
            },
            [0, 0.25, 4],
            [0, 2, 0.25],
            [0, -4, -1 / 32.0]
        ),
        ["the smaller"] = (x => Tensor.Minimum(Tensor.Sqrt(x), -1.0), [0, 4], [0, 0], [0, 0]),
        ["an axis more and less"] = (
            x =>
            {
                Tensor root = Tensor.Squeeze(Tensor.Unsqueeze(Tensor.Sqrt(x), -1), -1);
                return Tensor.Where(x > 0.0, root, 0.0);
            },
            [0, 4],
            [0, 0.25],
            [0, -1 / 32.0]
        ),
        ["a bound"] = (x => Tensor.Clamp(Tensor.Log(x), -1.0, 1.0), [0, 1, 100], [0, 1, 0], [0, -1, 0]),
        ["another element type"] = (
            x => Tensor.Where(x > 0.0, Tensor.Cast(Tensor.Sqrt(Tensor.Cast(x, DType.Float32)), DType.Float64), 0.0),
            [0, 4],
            [0, 0.25],
            [0, -1 / 32.0]
        ),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_not_selected_leaks_nothing(string name)
    {
        (Func<Tensor, Tensor> f, double[] at, double[] first, double[] second) = Cases[name];
        Tensor x = Tensor.Of(at);
        Assert.Equal(first, Gradient(f, x).ToArray());
        Assert.Equal(first, Tangent(f, x).ToArray());
        Assert.Equal(first, Vectorisation.Vmap(item => Gradient(f, item), x).ToArray());
        Assert.Equal(first, Gradient(batch => Vectorisation.Vmap(f, batch), x).ToArray());
        Close.Elementwise(second, Gradient(y => Gradient(f, y), x).ToArray(), 1e-15);
        Close.Elementwise(second, Tangent(y => Gradient(f, y), x).ToArray(), 1e-15);
        Close.Elementwise(second, Gradient(y => Tangent(f, y), x).ToArray(), 1e-15);
    }

    /// <summary>The condition is for a whole row, whose length is summed from all of it.</summary>
    [Fact]
    public void A_row_of_length_zero_has_no_direction()
    {
        Tensor x = Tensor.Reshape(Tensor.Of(0.0, 0.0, 3.0, 4.0), [2, 2]);
        Assert.Equal(
            [0.0, 0.0, 4 / 125.0, -3 / 125.0],
            Gradient(Directions, x).ToArray().Select(d => Math.Round(d, 15))
        );

        static Tensor Directions(Tensor x)
        {
            Tensor length = Tensor.Sqrt(Tensor.Sum(x * x, keepDims: true, -1));
            return Tensor.Where(length > 0.0, x / length, 0.0);
        }
    }

    [Fact]
    public void A_sum_or_a_transpose_that_is_not_selected_has_no_derivative()
    {
        Tensor x = Tensor.Reshape(Tensor.Of(0.0, 0.0, 3.0, 4.0), [2, 2]);
        Tensor none = Tensor.Zeros([2, 2]);
        Tensor off = Tensor.Scalar(0.0) > 1.0;
        Assert.Equal(none.ToArray(), Gradient(y => Tensor.Where(off, Tensor.Sum(Tensor.Sqrt(y)), 1.0), x).ToArray());
        Assert.Equal(none.ToArray(), Gradient(y => Tensor.Where(off, Tensor.Sum(Tensor.Sqrt(y), 0), 1.0), x).ToArray());
        Assert.Equal(none.ToArray(), Gradient(y => Tensor.Where(off, Tensor.Sqrt(y).T, 1.0), x).ToArray());
        Assert.Equal(
            [0.0, 0.0, 0.5 / Math.Sqrt(3.0), 0.25],
            Gradient(y => Tensor.Where(y.T > 0.0, Tensor.Sqrt(y).T, 1.0), x).ToArray()
        );
    }

    [Fact]
    public void An_extremum_selects_too()
    {
        Tensor x = Tensor.Of(0.0, 1.0, 2.0);
        Assert.Equal([0.0, 0.0, 0.5], Gradient(y => Tensor.Max(Tensor.Log(y)), x).ToArray());
        Assert.Equal([0.0, 0.5], Gradient(y => Tensor.Relu(Tensor.Sqrt(y)), Tensor.Of(0.0, 1.0)).ToArray());
    }

    private static Tensor Gradient(Func<Tensor, Tensor> f, Tensor x) =>
        Differentiation.Grad<Tensor, Tensor>(y => Tensor.Sum(f(y)), x);

    private static Tensor Tangent(Func<Tensor, Tensor> f, Tensor x) =>
        Differentiation.Jvp(f, x, Tensor.OnesLike(x)).Tangent;
}
