using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>Closed forms against quadratic programs, known derivatives and difference quotients.</summary>
public sealed class ProjectionTests
{
    private static readonly double[] Point = [1.3, -0.4, 0.75, 0.2, -1.1];
    private static readonly Tensor Rows = Matrix([1, 2, 0, -1, 1], [0, 1, 1, 1, 0], [1, 3, 1, 0, 1]);

    /// <summary>The point, and a number on which the set depends.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Closed = new()
    {
        ["box"] = (x, c) => Projection.Box(x, -0.5 * c, c),
        ["simplex"] = Projection.Simplex,
        ["affine"] = (x, c) => Projection.Affine(x, Rows * c, MatMul(Rows, Ones([5]) * c)),
        ["ball"] = Projection.Ball,
        ["softThreshold"] = Projection.SoftThreshold,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Programs = new()
    {
        ["box"] = (v, c) => Nearest(v, x => [x >= -0.5 * c, x <= c]),
        ["simplex"] = (v, c) => Nearest(v, x => [Equal(Sum(x), c), x >= 0.0]),
        ["affine"] = (v, c) => Nearest(v, x => [Equal(MatMul(Rows * c, x), MatMul(Rows, Ones([5]) * c))]),
        ["softThreshold"] = (v, c) =>
            Argmin(
                ConvexProgram
                    .Minimise(((Tensor Y, Tensor T) x) => (0.5 * Sumsq(x.Y - v)) + (c * Sum(x.T)))
                    .SubjectTo(x => [x.T >= x.Y, x.T >= -x.Y]),
                (Y: v, T: v)
            ).Y,
    };

    public static TheoryData<string> Names => [.. Closed.Keys];

    public static TheoryData<string> Linear => [.. Programs.Keys];

    [Theory]
    [MemberData(nameof(Linear))]
    public void The_answer_is_that_of_the_quadratic_program(string name)
    {
        foreach (double c in (double[])[0.6, 1.0, 2.5])
        {
            (Tensor x, Tensor size) = (Tensor.Of(Point), Scalar(c));
            Close.Elementwise(Programs[name](x, size).ToArray(), Closed[name](x, size).ToArray(), 1e-8);
            double[] expected = Jacobian(at => Programs[name](at, size), x).ToArray();
            Close.Elementwise(expected, Jacobian(at => Closed[name](at, size), x).ToArray(), 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_are_difference_quotients(string name)
    {
        double[][] at = [Point, [0.9]];
        double[][] v =
        [
            [0.3, -0.7, 0.5, 0.2, 0.4],
            [0.6],
        ];
        Tensor weights = Tensor.Of(1.0, -2.0, 0.5, 0.3, 1.5);
        double[][] expected = Differences.Gradient(x => (double)Loss(Tensors(x)), at);
        Tensor[] found = Grad(Loss, Tensors(at));
        Close.Elementwise([.. expected[0], .. expected[1]], Probe.Flat(found), 1e-9);
        double along = (double)Probe.Inner(found, Tensors(v));
        Close.Elementwise([along], Jvp(Loss, Tensors(at), Tensors(v)).Tangent.ToArray(), 1e-12);
        double[] second = Differences.Along(x => Probe.Flat(Grad(Loss, Tensors(x))), at, v);
        Close.Elementwise(second, Probe.Flat(Hvp(Loss, Tensors(at), Tensors(v))), 1e-8);

        Tensor Loss(Tensor[] x)
        {
            Tensor y = Closed[name](x[0], x[1]);
            return Sum(weights * y) + Sumsq(y);
        }

        static Tensor[] Tensors(double[][] x) => [Tensor.Of(x[0]), Scalar(x[1][0])];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_is_its_items(string name)
    {
        Tensor batch = Stack([Tensor.Of(Point), -Tensor.Of(Point), 0.1 * Tensor.Of(Point)]);
        Tensor sizes = Tensor.Of(0.5, 1.0, 2.0);
        Tensor found = Vmap(pair => Closed[name](pair.X, pair.C), (X: batch, C: sizes));
        for (int i = 0; i < 3; i++)
            Close.Elementwise(Closed[name](batch[i], sizes[i]).ToArray(), found[i].ToArray(), 1e-14);
    }

    [Fact]
    public void The_total_of_a_simplex_must_be_positive()
    {
        Tensor point = Tensor.Of(0.3, 0.7, -0.2);
        foreach (double total in new[] { 0.0, -1.0, double.NaN })
        {
            string message = Assert
                .Throws<TensorException>(() => Projection.Simplex(point, Tensor.Of([total])[0]).ToArray())
                .Message;
            Assert.StartsWith("[simplex] the total must be positive.", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("ball", "the radius must not be negative")]
    [InlineData("softThreshold", "the amount must not be negative")]
    public void Sizes_are_not_negative(string name, string rule)
    {
        Tensor point = Tensor.Of(0.3, -0.7);
        foreach (double size in new[] { -1.0, double.NaN })
        foreach (Tensor given in new[] { Scalar(size), Tensor.Of(size)[0] })
        {
            string message = Assert.Throws<TensorException>(() => Closed[name](point, given).ToArray()).Message;
            Assert.StartsWith($"[{name}] {rule}", message, StringComparison.Ordinal);
        }
        Assert.Equal(
            name == "ball" ? [0.0, 0.0] : point.ToArray(),
            Closed[name](point, 0.0).ToArray().Select(x => x + 0.0)
        );
    }

    [Fact]
    public void The_point_nearest_to_no_number_is_none()
    {
        foreach (string name in Names.Select(row => row.Data).Except(["affine"]))
            Assert.Contains(double.NaN, Closed[name](Tensor.Of(0.9, double.NaN, 0.4), 1.0).ToArray());
    }

    [Fact]
    public void The_ball_has_its_known_derivatives()
    {
        Tensor v = Tensor.Of(3.0, 4.0);
        Close.Elementwise([0.6, 0.8], Projection.Ball(v, 1.0).ToArray(), 1e-15);
        double[] byPoint = Jacobian(at => Projection.Ball(at, 1.0), v).ToArray();
        Close.Elementwise([0.128, -0.096, -0.096, 0.072], byPoint, 1e-15);
        Close.Elementwise([0.6, 0.8], Jacobian(r => Projection.Ball(v, r), Scalar(1.0)).ToArray(), 1e-15);
        Assert.Equal([1.0, 1.0], Grad(at => Sum(Projection.Ball(at, 1.0)), Zeros([2])).ToArray());
        Assert.Equal([3.0, 4.0], Projection.Ball(v, 5.0).ToArray());
    }

    /// <summary>Of points whose squares are no numbers too; without a limit nothing changes.</summary>
    [Fact]
    public void The_ball_may_be_of_any_size()
    {
        foreach (double size in new[] { 1e-310, 1e-200, 1e200, 1e307 })
        {
            double[] found = Projection.Ball(Tensor.Of(3.0 * size, 4.0 * size), size).ToArray();
            Close.Elementwise([0.6, 0.8], [.. found.Select(x => x / size)], size < 1e-300 ? 1e-12 : 1e-15);
        }
        Close.Elementwise([0.6, 0.8], Projection.Ball(Tensor.Of(3e200, 4e200), 1.0).ToArray(), 1e-15);
        Tensor v = Tensor.Of(3.0, 4.0);
        Assert.Equal([3.0, 4.0], Projection.Ball(v, double.PositiveInfinity).ToArray());
        Assert.Equal([1.0, 1.0], Grad(at => Sum(Projection.Ball(at, double.PositiveInfinity)), v).ToArray());
    }

    /// <summary>With plain numbers, and with sizes of its own type.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Points_of_float32_stay_so(string name)
    {
        Tensor point = Tensor.Of(Point);
        Tensor single = Tensor.Cast(point, DType.Float32);
        Tensor[] found = name switch
        {
            "box" => [Projection.Box(single, -0.3, 0.6)],
            "simplex" => [Projection.Simplex(single, 0.6)],
            "ball" => [Projection.Ball(single, 0.6)],
            "softThreshold" => [Projection.SoftThreshold(single, 0.6)],
            _ => [],
        };
        Tensor size = Tensor.Cast(Scalar(0.6), DType.Float32);
        if (name != "affine")
            found = [.. found, Closed[name](single, size)];
        else
            found = [Projection.Affine(single, Tensor.Cast(Rows, DType.Float32), Tensor.Ones([3], DType.Float32))];
        double[] expected =
            name == "affine"
                ? Projection.Affine(point, Rows, Ones([3])).ToArray()
                : Closed[name](point, Scalar(0.6)).ToArray();
        Assert.All(found, y => Assert.Equal(single.Type, y.Type));
        Assert.All(found, y => Close.Elementwise(expected, y.ToArray<double>(), 1e-5));
    }

    [Fact]
    public void The_simplex_at_its_edges()
    {
        Assert.Equal([1.0, 0.0], Projection.Simplex(Tensor.Of(1e20, -1e20)).ToArray());
        Assert.Equal([0.25, 0.25, 0.25, 0.25], Projection.Simplex(Zeros([4])).ToArray());
        Assert.Equal([1.0], Projection.Simplex(Tensor.Of(-7.0)).ToArray());
        Assert.Equal(
            [
                [0.5, 0.5],
                [1.0, 0.0],
            ],
            Rowwise(Projection.Simplex(Matrix([3, 3], [2, 0])))
        );
        Assert.StartsWith(
            "[simplex]",
            Assert.Throws<TensorException>(() => Projection.Simplex(Zeros([3]), 0.0)).Message,
            StringComparison.Ordinal
        );
    }

    private static double[][] Rowwise(Tensor x) => [.. x.ToArray().Chunk(x.Shape[-1])];

    private static Tensor Nearest(Tensor v, Func<Tensor, IReadOnlyList<Tensor>> set) =>
        Argmin(ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v)).SubjectTo(set), v);
}
