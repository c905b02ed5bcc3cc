using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>Programs without parts, with strange numbers, and what is said of those that are not solved.</summary>
public sealed class EdgeTests
{
    [Fact]
    public void Without_constraints_it_is_a_linear_system()
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0, -2.0)) { P = Matrix([2, 1], [1, 3]) };
        Close.Elementwise([-1.0, 1.0], Argmin.Qp(qp).ToArray(), 1e-12);
        Close.Elementwise(
            [-0.6, 0.2, 0.2, -0.4],
            Jacobians.Jacobian(q => Argmin.Qp(qp with { Q = q }), qp.Q).ToArray(),
            1e-12
        );
        var flat = new QuadraticProgram(Tensor.Of(0.0, 1.0)) { P = Matrix([1, 0], [0, 0]) };
        Assert.Equal([QpStatus.DualInfeasible], Argmin.SolveQp(flat).Statuses);
    }

    /// <summary>A right side is none by the units of its row: 10²⁰·x ≤ 10²⁰·½ is a constraint, and x ≤ 10²⁰ is not.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(1e18)]
    [InlineData(1e20)]
    [InlineData(1e100)]
    public void Rows_in_large_units_are_constraints(double unit)
    {
        var qp = new QuadraticProgram(Tensor.Of(-1.0, -2.0))
        {
            P = Tensor.Eye(2),
            G = Matrix([unit, unit], [1.0, 0.0]),
            H = Tensor.Of(0.5 * unit, 1e20),
        };
        Close.Elementwise([-0.25, 0.75], Argmin.Qp(qp).ToArray(), 1e-8);
    }

    [Fact]
    public void Without_variables_or_rows()
    {
        QpSolution nothing = Argmin.SolveQp(new QuadraticProgram(Tensor.Zeros([0])));
        Assert.True(nothing.IsSuccess, nothing.ToString());
        Assert.Equal(0, nothing.X.Length);
        var rowless = new QuadraticProgram(Tensor.Of(1.0, -2.0))
        {
            P = Tensor.Eye(2),
            A = Tensor.Zeros([0, 2]),
            B = Tensor.Zeros([0]),
            G = Tensor.Zeros([0, 2]),
            H = Tensor.Zeros([0]),
        };
        Close.Elementwise([-1.0, 2.0], Argmin.Qp(rowless).ToArray(), 1e-12);
        Close.Elementwise(
            [-1.0, -1.0],
            Differentiation
                .Grad<Tensor, Tensor>(q => Tensor.Sum(Argmin.Qp(rowless with { Q = q })), rowless.Q)
                .ToArray(),
            1e-12
        );
        var empty = new QuadraticProgram(Tensor.Zeros([0, 2])) { P = Tensor.Eye(2) };
        Assert.Equal([0, 2], Argmin.Qp(empty).Shape);
        var contradiction = new QuadraticProgram(Tensor.Of(1.0))
        {
            P = Tensor.Eye(1),
            A = Tensor.Zeros([1, 1]),
            B = Tensor.Of(1.0),
        };
        Assert.Equal([QpStatus.PrimalInfeasible], Argmin.SolveQp(contradiction).Statuses);
    }

    [Fact]
    public void Fixed_variables_have_the_multiplier_of_the_bound_they_press_on()
    {
        var qp = new QuadraticProgram(Tensor.Of(-1.0, 2.0, -3.0))
        {
            P = Tensor.Eye(3),
            Lower = Tensor.Of(3.0, double.NegativeInfinity, 1.0),
            Upper = Tensor.Of(3.0, double.PositiveInfinity, 1.0),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Close.Elementwise([3.0, -2.0, 1.0], solution.X.ToArray(), 1e-12);
        Close.Elementwise([2.0, 0.0, 0.0], solution.ZLower.ToArray(), 1e-12);
        Close.Elementwise([0.0, 0.0, 2.0], solution.ZUpper.ToArray(), 1e-12);
        (Tensor lower, Tensor upper) = Differentiation.Grad<(Tensor Lower, Tensor Upper), Tensor>(
            b => Tensor.Sum(Argmin.Qp(qp with { Lower = b.Lower, Upper = b.Upper })),
            (qp.Lower, qp.Upper)
        );
        Close.Elementwise([1.0, 0.0, 0.0], lower.ToArray(), 1e-12);
        Close.Elementwise([0.0, 0.0, 1.0], upper.ToArray(), 1e-12);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e6)]
    public void Scaling_rows_changes_nothing_but_their_multipliers(double by)
    {
        Tensor scale = Tensor.Of(1.0, by, by);
        QuadraticProgram scaled = Hs76 with { G = Hs76.G! * Tensor.Unsqueeze(scale, 1), H = Hs76.H! * scale };
        Close.Elementwise(Argmin.Qp(Hs76).ToArray(), Argmin.Qp(scaled).ToArray(), 1e-9);
        Tensor one = Differentiation.Grad<Tensor, Tensor>(h => Tensor.Sum(Argmin.Qp(Hs76 with { H = h })), Hs76.H!);
        Tensor other = Differentiation.Grad<Tensor, Tensor>(
            h => Tensor.Sum(Argmin.Qp(scaled with { H = h })),
            scaled.H!
        );
        Close.Elementwise(one.ToArray(), (other * scale).ToArray(), 1e-9);
        QuadraticProgram permuted = Hs76 with { G = Tensor.Flip(Hs76.G!, 0), H = Tensor.Flip(Hs76.H!, 0) };
        Close.Elementwise(Argmin.Qp(Hs76).ToArray(), Argmin.Qp(permuted).ToArray(), 1e-12);
        QuadraticProgram cost = Hs76 with { P = by * Hs76.P!, Q = by * Hs76.Q };
        Close.Elementwise(Argmin.Qp(Hs76).ToArray(), Argmin.Qp(cost).ToArray(), 1e-9);
        Close.Elementwise((by * Argmin.SolveQp(Hs76).Z).ToArray(), Argmin.SolveQp(cost).Z.ToArray(), 1e-8);
    }

    public static TheoryData<QpStatus, string> Statuses =>
        new()
        {
            { QpStatus.Solved, "primal residual" },
            { QpStatus.AlmostSolved, "1E-30 allowed" },
            { QpStatus.PrimalInfeasible, "the duals are a proof" },
            { QpStatus.DualInfeasible, "x is a direction" },
            { QpStatus.MaxIterations, "Raise MaxSteps" },
            { QpStatus.NumericalError, "Scale the data" },
            { QpStatus.NonConvex, "P is not positive semidefinite" },
            { QpStatus.InvalidData, "the data hold NaN" },
        };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_status_says_what_happened_and_what_to_try(QpStatus status, string says)
    {
        (QuadraticProgram qp, QpOptions options) = Ending(status);
        QpSolution solution = Argmin.SolveQp(qp, options);
        Assert.Equal([status], solution.Statuses);
        Assert.StartsWith($"{status}: ", solution.Messages[0], StringComparison.Ordinal);
        Assert.Contains(says, solution.Messages[0], StringComparison.OrdinalIgnoreCase);
        Assert.All(solution.X.ToArray().Concat(solution.Z.ToArray()), x => Assert.True(double.IsFinite(x)));
        if (status == QpStatus.Solved)
            Assert.Equal("1 solved.", solution.ToString());
        else
            Assert.StartsWith(
                $"[qp] {status}",
                Assert.Throws<SolveException>(() => Argmin.Qp(qp, options)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Errors_name_what_does_not_fit()
    {
        TensorException error = Assert.Throws<TensorException>(() => Argmin.Qp(Hs76 with { H = null }));
        Assert.Equal("[qp] G and h must come together. Received the matrix alone.", error.Message);
        error = Assert.Throws<TensorException>(() => Argmin.Qp(Hs76 with { P = Tensor.Eye(3) }));
        Assert.Equal(
            "[qp] P must be [4, 4], with batch axes in front if it has any. Received float64[3, 3].",
            error.Message
        );
        error = Assert.Throws<TensorException>(() => Argmin.Qp(Hs76 with { H = Tensor.Cast(Hs76.H!, DType.Float32) }));
        Assert.StartsWith(
            "[qp] all data must be floating-point, of the element type of q",
            error.Message,
            StringComparison.Ordinal
        );
        error = Assert.Throws<TensorException>(() =>
            Differentiation.Grad<Tensor, Tensor>(
                q =>
                {
                    QpSolution solution = Argmin.SolveQp(Hs76 with { Q = q });
                    return solution.IsSuccess ? Tensor.Sum(solution.X) : q[0];
                },
                Hs76.Q
            )
        );
        Assert.Contains("must not be read while", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A program as the right side of a differential equation: x′ = the u nearest to x in a metric with 1'u = p.</summary>
    [Fact]
    public void Within_odeint()
    {
        Tensor times = Tensor.Of(0.0, 0.4, 1.0);
        Tensor start = Tensor.Of(0.8, -0.3, 0.1);
        Func<Tensor, Tensor> end = at =>
            Implicit.Ode.Integrate(
                (t, x) =>
                    Argmin.Qp(
                        new QuadraticProgram(-x)
                        {
                            P = Tensor.Diag(at),
                            A = Matrix([1, 1, 1]),
                            B = at[..1],
                            Lower = Tensor.Of(-2.0, 0.25, -2.0),
                        }
                    ),
                times,
                start
            )[-1];
        Tensor metric = Tensor.Of(1.0, 1.5, 0.7);
        double[] gradient = Differentiation.Grad<Tensor, Tensor>(at => Tensor.Sumsq(end(at)), metric).ToArray();
        double[][] expected = Differences.Gradient(
            x => Tensor.Sumsq(end(Tensor.Of(x[0]))).ToDouble(),
            [metric.ToArray()]
        );
        Close.Normwise(expected[0], gradient, 1e-6);
        Assert.Equal(2, gradient.Count(g => Math.Abs(g) > 0.01));
    }

    /// <summary>z = ½·(the point of the simplex nearest to z + v) is an equilibrium layer whose map is a program.</summary>
    [Fact]
    public void Within_a_fixed_point()
    {
        Func<Tensor, Tensor> layer = v =>
            FixedPoint.Find(z => 0.5 * Argmin.Qp(Simplex with { Q = -(z + v) }), Tensor.Zeros([3]));
        Tensor at = Tensor.Of(0.9, 0.6, -0.7);
        Tensor weights = Tensor.Of(1.0, -2.0, 0.5);
        double[] gradient = Differentiation.Grad<Tensor, Tensor>(v => Tensor.Sum(weights * layer(v)), at).ToArray();
        double[][] expected = Differences.Gradient(
            x => Tensor.Sum(weights * layer(Tensor.Of(x[0]))).ToDouble(),
            [at.ToArray()]
        );
        Close.Normwise(expected[0], gradient, 1e-6);
        Assert.Contains(gradient, g => Math.Abs(g) > 0.1);
    }

    private static (QuadraticProgram Program, QpOptions Options) Ending(QpStatus status)
    {
        var options = new QpOptions();
        return status switch
        {
            QpStatus.Solved => (Hs76, options),
            QpStatus.AlmostSolved => (Hs76, options with { AbsoluteTolerance = 1e-30, RelativeTolerance = 0.0 }),
            QpStatus.PrimalInfeasible => (Hs76 with { Upper = Tensor.Full([4], -1.0) }, options),
            QpStatus.DualInfeasible => (Hs76 with { P = null, G = null, H = null }, options),
            QpStatus.MaxIterations => (Hs76, options with { MaxSteps = 2 }),
            QpStatus.NumericalError => (
                new QuadraticProgram(Tensor.Of(1.0, -1.0))
                {
                    P = Tensor.Eye(2),
                    A = Matrix([1.0, 1.0 + 1e-9], [1.0, 1.0]),
                    B = Tensor.Of(1.0, 1.001),
                },
                options with
                {
                    RelativeTolerance = 0.0,
                }
            ),
            QpStatus.NonConvex => (Hs76 with { P = -Hs76.P! }, options),
            _ => (Hs76 with { Q = Tensor.Of(-1.0, double.NaN, 1.0, -1.0) }, options),
        };
    }
}
