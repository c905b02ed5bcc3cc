using Xunit;

namespace Implicit.Tests.Ops;

public sealed class IndexingTests
{
    private static readonly Tensor Matrix = Tensor.Reshape(Tensor.Arange(0.0, 12.0), [3, 4]);

    [Fact]
    public void Places_drop_axes_and_ranges_keep_them()
    {
        Equal([], [6], Matrix[1, 2]);
        Equal([4], [8, 9, 10, 11], Matrix[^1]);
        Equal([4], [8, 9, 10, 11], Matrix[-1]);
        Equal([3], [0, 4, 8], Matrix[.., 0]);
        Equal([2, 2], [5, 6, 9, 10], Matrix[1.., 1..3]);
        Equal([3, 4], Matrix.ToArray(), Matrix[..]);
        Equal([0, 4], [], Matrix[1..1]);
        Equal([2], [3, 7], Matrix[..^1, ^1]);
    }

    [Fact]
    public void Steps_go_both_ways()
    {
        Equal([4], [11, 10, 9, 8], Matrix[2, AxisIndex.Every(null, null, -1)]);
        Equal([2], [8, 10], Matrix[2, AxisIndex.Every(null, null, 2)]);
        Equal([3, 2], [3, 1, 7, 5, 11, 9], Tensor.Slice(Matrix, 1, 3, 0, -2));
        Equal([3, 4], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0], Tensor.Flip(Matrix));
        Equal([2, 4], [4, 5, 6, 7, 0, 1, 2, 3], Tensor.Slice(Matrix, 0, 1, null, -1));
    }

    [Theory]
    [InlineData(int.MaxValue, 0)]
    [InlineData(int.MaxValue - 1, 0)]
    [InlineData(int.MinValue, 2)]
    [InlineData(-int.MaxValue, 2)]
    public void A_step_past_all_places_takes_the_first(int step, int place)
    {
        Tensor x = Tensor.Of(1.0, 2.0, 3.0);
        Assert.Equal([x[place].ToDouble()], x[AxisIndex.Every(null, null, step)].ToArray());
    }

    [Fact]
    public void Numbers_are_evenly_spaced_however_far_the_ends()
    {
        Assert.Equal([-1e308, 0.0, 1e308], Tensor.Linspace(-1e308, 1e308, 3).ToArray());
        Assert.Equal(
            [-double.MaxValue, double.MaxValue],
            Tensor.Linspace(-double.MaxValue, double.MaxValue, 2).ToArray()
        );
        double[] many = Tensor.Linspace(-1e308, 1e308, 21).ToArray();
        for (int i = 0; i < many.Length; i++)
            Assert.Equal((i - 10) * 1e307, many[i], 1e293);
        Assert.Contains(
            "both ends must be finite",
            Assert.Throws<TensorException>(() => Tensor.Linspace(0.0, double.PositiveInfinity, 3)).Message
        );
    }

    [Fact]
    public void Views_of_views_reshape_and_reduce_rightly()
    {
        Tensor view = Tensor.Flip(Matrix, 1)[1.., ..2].T;
        Equal([4], [7, 11, 6, 10], Tensor.Reshape(view, [4]));
        Equal([2], [18, 16], Tensor.Sum(view, 1));
    }

    [Fact]
    public void One_extent_may_be_what_the_others_leave()
    {
        Equal([2, 6], Matrix.ToArray(), Functions.Reshape(Matrix, 2, -1));
        Equal([12], Matrix.ToArray(), Functions.Reshape(Matrix, -1));
        Equal([3, 2, 2], Matrix.ToArray(), Functions.Reshape(Matrix, [-1, 2, 2]));
        Equal([2, 0], [], Functions.Reshape(Matrix[1..1], [2, -1]));
        Equal([3, 4], Matrix.ToArray(), Functions.Reshape(Functions.Reshape(Matrix, 12), Matrix.Shape));
        Tensor sums = Functions.Vmap((Tensor row) => Functions.Sum(Functions.Reshape(row, 2, -1), 1), Matrix);
        Equal([3, 2], [1, 5, 9, 13, 17, 21], sums);
    }

    [Theory]
    [InlineData(new[] { 5, -1 }, "[3, 4] to [5, -1]")]
    [InlineData(new[] { 0, -1 }, "[3, 4] to [0, -1]")]
    public void What_the_others_leave_must_be_an_extent(int[] extents, string received) =>
        Assert.Equal(
            $"[reshape] the other extents must divide the number of elements, for -1 to stand for what they leave. Received {received}.",
            Assert.Throws<TensorException>(() => Functions.Reshape(Matrix, extents)).Message
        );

    [Theory]
    [InlineData(new[] { -1, -1 }, "[-1, -1]")]
    [InlineData(new[] { -2, -1 }, "[-2, -1]")]
    public void No_other_extent_is_left_open(int[] extents, string received) =>
        Assert.Equal(
            $"[reshape] at most one extent may be -1, and no other negative. Received {received}.",
            Assert.Throws<TensorException>(() => Functions.Reshape(Matrix, extents)).Message
        );

    [Theory]
    [InlineData(3, "[index] the index along axis 0 must be in [-3, 2]. Received 3 for shape [3, 4].")]
    [InlineData(-4, "[index] the index along axis 0 must be in [-3, 2]. Received -4 for shape [3, 4].")]
    public void A_place_outside_is_an_error(int place, string message) =>
        Assert.Equal(message, Assert.Throws<TensorException>(() => Matrix[place]).Message);

    [Fact]
    public void The_place_behind_the_last_is_outside() =>
        Assert.Equal(
            "[index] the index along axis 1 must be in [-4, 3]. Received ^0 for shape [3, 4].",
            Assert.Throws<TensorException>(() => Matrix[0, ^0]).Message
        );

    [Fact]
    public void Wrong_ranges_are_errors_that_say_what_is_wrong()
    {
        Assert.Equal(
            "[index] the range along axis 1 must lie within its 4 places. Received 1..5 for shape [3, 4].",
            Assert.Throws<TensorException>(() => Matrix[.., 1..5]).Message
        );
        Assert.Equal(
            "[index] there must be at most one index for each of the 2 axes. Received 3 for float64[3, 4].",
            Assert.Throws<TensorException>(() => Matrix[0, 0, 0]).Message
        );
        Assert.Equal(
            "[index] the step along axis 0 must not be zero. Received .. by 0.",
            Assert.Throws<TensorException>(() => Tensor.Slice(Matrix, 0, step: 0)).Message
        );
    }

    [Fact]
    public void Gathering_takes_places_of_any_shape()
    {
        Equal(
            [2, 2, 4],
            [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
            Tensor.Gather(Matrix, Long([2, 2], 2, 0, 1, 2))
        );
        Equal([3], [1, 5, 9], Tensor.Gather(Matrix, Tensor.Scalar(1, DType.Int64), 1));
        Equal([2, 2], [0, 9, 8, 5], Tensor.TakeAlongAxis(Matrix, Long([2, 2], 0, 2, 2, 1)));
    }

    [Fact]
    public void One_hot_vectors_name_their_place()
    {
        Equal([3, 2], [0, 1, 1, 0, 0, 0], Tensor.OneHot(Long([3], 1, 0, 2), 2));
        Assert.Equal(DType.Float32, Tensor.OneHot(Long([1], 0), 2, DType.Float32).DType);
        Assert.Throws<TensorException>(() => Tensor.OneHot(Tensor.Of(1.0), 2));
    }

    [Fact]
    public void Scattering_adds_up_what_meets()
    {
        Tensor zeros = Tensor.Zeros([3]);
        Equal([3], [5, 0, 3], Tensor.ScatterAdd(zeros, Long([3], 0, 2, 0), Tensor.Of(1, 3, 4)));
        Equal(
            [2, 2],
            [1, 0, 1, 2],
            Tensor.ScatterAddAlongAxis(
                Tensor.Zeros([2, 2]),
                Long([2, 1], 0, 1),
                Tensor.Of(
                    new double[,]
                    {
                        { 1 },
                        { 2 },
                    }
                ),
                1
            )
                + Tensor.Of(
                    new double[,]
                    {
                        { 0, 0 },
                        { 1, 0 },
                    }
                )
        );
    }

    [Fact]
    public void An_index_outside_the_axis_is_an_error()
    {
        var error = Assert.Throws<TensorException>(() => Tensor.Gather(Matrix, Long([1], 3)).ToArray());
        Assert.Contains("3", error.Message, StringComparison.Ordinal);
        Assert.Throws<TensorException>(() => Tensor.Gather(Matrix, Tensor.Of(1.0)));
        Assert.Throws<TensorException>(() => Tensor.ScatterAdd(Matrix, Long([1], -1), Tensor.Of(1.0)).ToArray());
    }

    [Fact]
    public void Joining_and_cutting_are_inverse()
    {
        Tensor[] parts = Tensor.Split(Matrix, [1, 0, 3], 1);
        Equal([3, 4], Matrix.ToArray(), Tensor.Concat(parts, -1));
        Equal([3, 4], Matrix.ToArray(), Tensor.Stack(Tensor.Unstack(Matrix, 1), 1));
        Equal([3, 4], Matrix.ToArray(), Tensor.Concat(Tensor.Split(Matrix, 3)));
        Equal([3], [2, 1.5, 7], Tensor.Stack([2.0, Tensor.Of([1.5f])[0], 7.0]));
        Assert.Equal(DType.Float32, Tensor.Stack([2.0, Tensor.Of([1.5f])[0]]).DType);
        Assert.Throws<TensorException>(() => Tensor.Split(Matrix, 3, 1));
        Assert.Throws<TensorException>(() => Tensor.Concat([Matrix, Matrix.T]));
        Assert.Throws<TensorException>(() => Tensor.Stack([]));
        Assert.Throws<TensorException>(() => Tensor.Concat([Tensor.Scalar(1), Tensor.Scalar(2)]));
    }

    [Fact]
    public void More_places_than_a_tensor_can_have_are_an_error()
    {
        Tensor large = Tensor.Expand(Tensor.Scalar(1.0), [int.MaxValue]);
        Assert.Equal(
            "[concat] a tensor must have fewer than 2^31 elements. Received 4294967294 places.",
            Assert.Throws<TensorException>(() => Tensor.Concat([large, large])).Message
        );
        Assert.StartsWith(
            "[arange] there must be at most",
            Assert.Throws<TensorException>(() => Tensor.Arange(0.0, 1e300)).Message
        );
    }

    [Fact]
    public void Padding_surrounds_with_a_number()
    {
        Equal(
            [2, 4],
            [9, 9, 9, 9, 9, 1, 2, 9],
            Tensor.Pad(
                Tensor.Of(
                    new double[,]
                    {
                        { 1, 2 },
                    }
                ),
                [1, 1],
                [0, 1],
                9
            )
        );
        Assert.Throws<TensorException>(() => Tensor.Pad(Matrix, [0, -1], [0, 0]));
        Assert.Throws<TensorException>(() => Tensor.Pad(Matrix, [0], [0]));
        foreach (double value in new[] { 1.5, double.NaN, 1e30 })
            Assert.StartsWith(
                "[pad] an int64 must be a whole number",
                Assert.Throws<TensorException>(() => Tensor.Pad(Tensor.Of([1L]), [1], [0], value)).Message
            );
    }

    [Fact]
    public void Diagonals_and_triangles()
    {
        Equal([3], [0, 5, 10], Tensor.Diagonal(Matrix));
        Equal([3], [1, 6, 11], Tensor.Diagonal(Matrix, 1));
        Equal([1], [8], Tensor.Diagonal(Matrix, -2));
        Equal([0], [], Tensor.Diagonal(Matrix, 4));
        Equal([3, 3], [0, 1, 0, 0, 0, 2, 0, 0, 0], Tensor.Diag(Tensor.Of(1, 2), 1));
        Equal([3, 3], [0, 0, 0, 1, 0, 0, 0, 2, 0], Tensor.Diag(Tensor.Of(1, 2), -1));
        Equal([2, 3], [1, 0, 0, 0, 1, 0], Tensor.Eye(2, 3));
        Equal([3, 4], [0, 0, 0, 0, 4, 5, 0, 0, 8, 9, 10, 0], Tensor.Tril(Matrix));
        Equal([3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11], Tensor.Triu(Matrix, -1));
    }

    [Fact]
    public void Sequences_end_where_they_say()
    {
        double[] tenths = Tensor.Linspace(0.1, 0.7, 7).ToArray();
        Assert.Equal(0.1, tenths[0]);
        Assert.Equal(0.7, tenths[^1]);
        Equal([1], [5], Tensor.Linspace(5, 6, 1));
        Equal([3], [1, 0.5, 0], Tensor.Arange(1, -0.25, -0.5));
        Equal([0], [], Tensor.Arange(1, 0));
        Equal([2, 3], [0, 1, 2, 0, 1, 2], Tensor.Iota([2, 3], 1));
        Assert.Throws<TensorException>(() => Tensor.Arange(0, 1, 0));
    }

    [Fact]
    public void Sorting_keeps_equals_in_order_and_puts_nan_last()
    {
        Tensor x = Tensor.Of(2, double.NaN, -1, 2, 0);
        Equal([5], [2, 4, 0, 3, 1], Tensor.Argsort(x));
        Equal([5], [0, 3, 4, 2, 1], Tensor.Argsort(x, descending: true));
        Equal([3, 4], [8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3], Tensor.Sort(Matrix, 0, descending: true));
        Equal([2], [1, 0], Tensor.Argsort(Matrix[..2, 0][AxisIndex.Every(null, null, -1)]));
        Equal([2], [0, 1], Tensor.Argsort(Tensor.Of(1, 2, 0)[..2]));
    }

    [Fact]
    public void Repeating_rolling_running_sums_and_grids()
    {
        Equal([4], [1, 1, 2, 2], Tensor.Repeat(Tensor.Of(1, 2), 2));
        Equal([2, 4], [1, 2, 1, 2, 1, 2, 1, 2], Tensor.Tile(Tensor.Of(1, 2), 2, 2));
        Equal([4], [4, 1, 2, 3], Tensor.Roll(Tensor.Of(1, 2, 3, 4), 1));
        Equal([3, 4], [0, 1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 21], Tensor.Cumsum(Matrix));
        Equal([3, 4], [0, 1, 3, 6, 4, 9, 15, 22, 8, 17, 27, 38], Tensor.Cumsum(Matrix, -1));
        Tensor[] grid = Tensor.Meshgrid(Tensor.Of(1, 2), Tensor.Of(3, 4, 5));
        Equal([2, 3], [1, 1, 1, 2, 2, 2], grid[0]);
        Equal([2, 3], [3, 4, 5, 3, 4, 5], grid[1]);
    }

    private static Tensor Long(Shape shape, params double[] elements) => Tensor.Of(elements, shape, DType.Int64);

    private static void Equal(Shape shape, double[] expected, Tensor actual)
    {
        Assert.Equal(shape, actual.Shape);
        Assert.Equal(expected, actual.ToArray());
    }
}
