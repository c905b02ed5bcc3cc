using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>What has no solution says so, with a proof; and what happens to one item stays with it.</summary>
public sealed class CertificateTests
{
    [Fact]
    public void Contradicting_inequalities_are_primal_infeasible()
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0))
        {
            P = Tensor.Eye(1),
            G = Matrix([1], [-1]),
            H = Tensor.Of(-1.0, -1.0),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.Equal([QpStatus.PrimalInfeasible], solution.Statuses);
        Close.Elementwise([0.5, 0.5], solution.Z.ToArray(), 1e-8);
        SolveException error = Assert.Throws<SolveException>(() => Argmin.Qp(qp));
        Assert.StartsWith("[qp] PrimalInfeasible: no x meets the constraints", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The primal infeasible example of Clarabel's tests: a box whose first bounds cross.</summary>
    [Fact]
    public void A_box_whose_sides_cross_is_primal_infeasible()
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0, 1.0))
        {
            P = Matrix([4, 1], [1, 2]),
            G = Matrix([-1, -1], [-1, 0], [0, -1], [1, 1], [1, 0], [0, 1]),
            H = Tensor.Of(-1.0, 0.0, 0.0, -1.0, 0.7, 0.7),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.Equal([QpStatus.PrimalInfeasible], solution.Statuses);
        double[] z = solution.Z.ToArray();
        Assert.All(z, each => Assert.True(each >= 0.0));
        Close.Elementwise([0.0, 0.0], Tensor.MatMul(qp.G!.T, solution.Z).ToArray(), 1e-8);
        Close.Elementwise([-1.0], [Tensor.Dot(qp.H!, solution.Z).ToDouble()], 1e-8);
    }

    [Fact]
    public void Crossing_bounds_are_primal_infeasible()
    {
        QpSolution solution = Argmin.SolveQp(
            new QuadraticProgram(Tensor.Zeros([2])) { Lower = Tensor.Of(0.0, 2.0), Upper = Tensor.Of(1.0, 1.0) }
        );
        Assert.Equal([QpStatus.PrimalInfeasible], solution.Statuses);
        double[] lower = solution.ZLower.ToArray();
        double[] upper = solution.ZUpper.ToArray();
        Close.Elementwise(lower, upper, 1e-7);
        Close.Elementwise([-1.0], [upper[0] + upper[1] - (2.0 * lower[1])], 1e-8);
    }

    [Fact]
    public void Falling_for_ever_is_dual_infeasible()
    {
        QpSolution along = Argmin.SolveQp(
            new QuadraticProgram(Tensor.Of(-1.0, 0.0))
            {
                P = Matrix([0, 0], [0, 1]),
                G = Matrix([0, 1]),
                H = Tensor.Of(1.0),
            }
        );
        Assert.Equal([QpStatus.DualInfeasible], along.Statuses);
        Close.Elementwise([1.0, 0.0], along.X.ToArray(), 1e-7);
        QpSolution across = Argmin.SolveQp(
            new QuadraticProgram(Tensor.Of(1.0, -1.0))
            {
                P = Tensor.Ones([2, 2]),
                G = Matrix([1, 1], [1, 0]),
                H = Tensor.Of(1.0, 1.0),
            }
        );
        Assert.Equal([QpStatus.DualInfeasible], across.Statuses);
        Close.Elementwise([-0.5, 0.5], across.X.ToArray(), 1e-7);
    }

    /// <summary>A constraint that can be met only far away is no contradiction, nor is an objective that falls far no endless one.</summary>
    [Theory]
    [MemberData(nameof(Sizes))]
    public void Large_data_are_no_proof(double size, int more)
    {
        var far = new QuadraticProgram(Tensor.Of(2.0, 1.0)) { Lower = Tensor.Full([2], size) };
        Solved([size, size], far);
        var farTogether = new QuadraticProgram(Tensor.Of(2.0, 1.0))
        {
            G = Matrix([-1, -1]),
            H = Tensor.Of(-size),
            Lower = Tensor.Zeros([2]),
        };
        Solved([0.0, size], farTogether);
        Solved([0.5 * size, 0.5 * size], farTogether with { Q = Tensor.Zeros([2]), P = Tensor.Eye(2) });
        var steep = new QuadraticProgram(Tensor.Of(-size, size))
        {
            P = Tensor.Eye(2),
            Lower = Tensor.Full([2], -1.0),
            Upper = Tensor.Full([2], 1.0),
        };
        Solved([1.0, -1.0], steep);
        Assert.Equal(
            [QpStatus.PrimalInfeasible],
            Argmin.SolveQp(Among(more, farTogether with { G = Matrix([1, 1]) })).Statuses
        );
        Assert.Equal(
            [QpStatus.DualInfeasible],
            Argmin.SolveQp(Among(more, new(Tensor.Of(-size, -size)) { Lower = Tensor.Zeros([2]) })).Statuses
        );

        void Solved(double[] expected, QuadraticProgram qp)
        {
            QpSolution solution = Argmin.SolveQp(Among(more, qp));
            Assert.Equal([QpStatus.Solved], solution.Statuses);
            Close.Normwise(expected, solution.X.ToArray()[..2], 1e-8);
        }
    }

    /// <summary>Bounds that do not bind are nothing to the others.</summary>
    [Theory]
    [InlineData(1e3)]
    [InlineData(1e5)]
    [InlineData(1e7)]
    public void Loose_bounds_leave_the_solution(double bound)
    {
        var qp = new QuadraticProgram(Tensor.Of(-1.0, 0.5))
        {
            P = Tensor.Eye(2),
            Lower = Tensor.Zeros([2]),
            Upper = Tensor.Full([2], bound),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.Equal([QpStatus.Solved], solution.Statuses);
        Close.Elementwise([1.0, 0.0], solution.X.ToArray(), 1e-8);
    }

    /// <summary>Rounded to float32, the rows are not parallel, and meet at a distance of 10⁷.</summary>
    [Fact]
    public void What_only_rounding_makes_feasible_is_not()
    {
        Tensor g = Matrix([1.0, 0.3], [-3.0, -0.9]);
        var qp = new QuadraticProgram(Single(Tensor.Of(1.0, -1.0)))
        {
            P = Single(Tensor.Eye(2)),
            G = Single(g),
            H = Single(Tensor.Of(1.0, -12.0)),
        };
        Assert.Equal([QpStatus.PrimalInfeasible], Argmin.SolveQp(qp).Statuses);

        static Tensor Single(Tensor x) => Tensor.Cast(x, DType.Float32);
    }

    /// <summary>On the way there is a point that is the best so far and nearly a certificate: the answer is the point, not its direction.</summary>
    [Fact]
    public void A_solution_that_looks_like_a_certificate_on_the_way_is_one()
    {
        var qp = new QuadraticProgram(Tensor.Of(-6522891.96674937, -8100607.804706069, 5620085.749635923))
        {
            P = Matrix(
                [0.4849340932785299, 0.383408588984961, -0.4574505961361574],
                [0.383408588984961, 0.5634469859184651, -0.3252805101405113],
                [-0.4574505961361574, -0.3252805101405113, 0.7137293082311263]
            ),
            A = Matrix([0, 0.33884284756387834, 0.3642520582462588], [0, 0, 0]),
            B = Tensor.Of(3970345.085591481, 0),
            G = Matrix(
                [0, -1.9764618110612278, 1.2697222793189777],
                [0, -0.5238317321881357, 0],
                [0, 0, -0.684040798129184],
                [-0.08598362159331047, -0.6578884593614869, 0]
            ),
            H = Tensor.Of(-21669923.390978124, -5890909.767527812, -300064.197970731, 3374978.9727367153),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.Equal([QpStatus.Solved], solution.Statuses);
        Close.Normwise(qp.B!.ToArray(), Tensor.MatMul(qp.A!, solution.X).ToArray(), 1e-8);
        Assert.All((qp.H! - Tensor.MatMul(qp.G!, solution.X)).ToArray(), slack => Assert.True(slack >= -0.1));
    }

    /// <summary>The first three sum to 0 ≤ −2, which is little beside the right sides that it is the rest of.</summary>
    [Theory]
    [InlineData(1e4)]
    [InlineData(1e8)]
    public void A_contradiction_that_is_small_beside_right_sides_is_found(double size)
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0, -1.0, 0.5))
        {
            P = Tensor.Eye(3),
            G = Matrix([-1, -2, -2], [1, 0, 3], [0, 2, -1], [-2, 3, 1]),
            H = Tensor.Of(size, 2.0, -size - 4.0, 1.0),
        };
        Assert.Equal([QpStatus.PrimalInfeasible], Argmin.SolveQp(qp).Statuses);
    }

    public static MatrixTheoryData<double, int> Sizes => new([1e4, 1e8, 1e9], [0, 70]);

    /// <summary>The program with more variables, which are fixed: so many that it is solved by blocks.</summary>
    private static QuadraticProgram Among(int more, QuadraticProgram qp)
    {
        Tensor fixedAt = Tensor.Zeros([more]);
        Tensor none = Tensor.Full([2], double.PositiveInfinity);
        return new(Tensor.Concat([qp.Q, fixedAt], 0))
        {
            P = qp.P is { } p ? Tensor.Pad(p, [0, 0], [more, more]) : null,
            G = qp.G is { } g ? Tensor.Pad(g, [0, 0], [0, more]) : null,
            H = qp.H,
            Lower = Tensor.Concat([qp.Lower ?? -none, fixedAt], 0),
            Upper = Tensor.Concat([qp.Upper ?? none, fixedAt], 0),
        };
    }
}
