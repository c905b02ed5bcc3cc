using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>The state is any tree of tensors, and the field may capture anything.</summary>
public sealed class StateTests
{
    private static readonly Tensor Times = Tensor.Of(0.0, 0.4, 1.0);
    private static readonly OdeOptions Tight = Problems.At(Tableau.Dopri5, 1e-10);

    /// <summary>A record with a leaf of each rank.</summary>
    public sealed record Body(Tensor Height, Tensor Velocity, Tensor Spin);

    /// <summary>A linear decay is known leaf by leaf, whatever the tree.</summary>
    [Fact]
    public void A_tuple_a_record_a_list_and_a_nest()
    {
        (Tensor A, Tensor B) tuple = Implicit.Ode.Integrate<(Tensor A, Tensor B)>(
            (t, y) => (-y.A, 2.0 * y.B),
            Times,
            (Tensor.Scalar(1.0), Tensor.Of(1.0, 3.0)),
            Tight
        );
        IsExponential(tuple.A, -1.0, [1.0]);
        IsExponential(tuple.B, 2.0, [1.0, 3.0]);
        var start = new Body(Tensor.Scalar(2.0), Tensor.Of(1.0, -1.0), Tensor.Ones([2, 3]));
        Body body = Implicit.Ode.Integrate<Body>(
            (t, y) => new Body(-y.Height, y.Velocity, 0.5 * y.Spin),
            Times,
            start,
            Tight
        );
        IsExponential(body.Height, -1.0, [2.0]);
        IsExponential(body.Velocity, 1.0, [1.0, -1.0]);
        IsExponential(body.Spin, 0.5, [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        Assert.Equal([3, 2, 3], body.Spin.Shape);
        List<Tensor> list = Implicit.Ode.Integrate<List<Tensor>>(
            (t, y) => [.. y.Select((leaf, i) => -(double)(i + 1) * leaf)],
            Times,
            [Tensor.Of(1.0), Tensor.Scalar(2.0)],
            Tight
        );
        IsExponential(list[0], -1.0, [1.0]);
        IsExponential(list[1], -2.0, [2.0]);
        (Body Left, Tensor[] Right) nest = Implicit.Ode.Integrate<(Body Left, Tensor[] Right)>(
            (t, y) => (y.Left with { Height = -y.Left.Height }, [.. y.Right.Select(leaf => -leaf)]),
            Times,
            (start, [Tensor.Of(1.0, 2.0)]),
            Tight
        );
        IsExponential(nest.Left.Height, -1.0, [2.0]);
        IsExponential(nest.Right[0], -1.0, [1.0, 2.0]);
    }

    [Theory]
    [InlineData("checkpointed 2")]
    [InlineData("backsolve")]
    public void The_gradient_of_a_tree_is_a_tree(string adjoint)
    {
        OdeOptions options = Tight with { Adjoint = Methods.Adjoints[adjoint] };
        var start = new Body(Tensor.Scalar(2.0), Tensor.Of(1.0, -1.0), Tensor.Ones([2, 3]));
        Body gradient = Differentiation.Grad(
            y0 =>
            {
                Body y = Implicit.Ode.Integrate<Body>(
                    (t, y) => new Body(-y.Height * y.Height, Tensor.Sum(y.Spin) * y.Velocity, -t * y.Spin),
                    Times,
                    y0,
                    options
                );
                return y.Height[2] + Tensor.Sum(y.Velocity[2]) + Tensor.Sum(y.Spin[1]);
            },
            start
        );
        // y′ = −y² gives y₀/(1 + y₀t), whose derivative is (1 + y₀t)⁻².
        Close.Elementwise([1.0 / 9.0], gradient.Height.ToArray(), 1e-7);
        double growth = Math.Exp(6.0 * 0.8556243918921488);
        // ∫₀¹ e^{−t²/2} dt = 0.8556243918921488.
        Close.Elementwise([1.0, 1.0], [.. gradient.Velocity.ToArray().Select(g => g / growth)], 1e-7);
        // The velocities cancel, so that only the spin's own decay is left: e^{−0.08}.
        Close.Elementwise([.. Enumerable.Repeat(Math.Exp(-0.08), 6)], gradient.Spin.ToArray(), 1e-5);
    }

    [Fact]
    public void A_matrix_moves_as_a_matrix()
    {
        Tensor a = Tensor.Of(
            new double[,]
            {
                { 0.0, 1.0 },
                { -1.0, 0.0 },
            }
        );
        Tensor flow = Implicit.Ode.Integrate((t, y) => Tensor.MatMul(a, y), Tensor.Of(0.0, 1.0), Tensor.Eye(2), Tight);
        (double sin, double cos) = Math.SinCos(1.0);
        Close.Elementwise([cos, sin, -sin, cos], flow[1].ToArray(), 1e-9);
    }

    /// <summary>Everything is float32: the values, the derivatives, and the times that the field sees.</summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("checkpointed 5")]
    [InlineData("backsolve")]
    public void Single_precision(string adjoint)
    {
        OdeOptions options = Problems.At(Tableau.Dopri5, 2e-7) with { Adjoint = Methods.Adjoints[adjoint] };
        Tensor start = Tensor.Of([1.0f, 2.0f]);
        Tensor rate = Tensor.Scalar(0.7, DType.Float32);
        Func<(Tensor Y0, Tensor Rate), Tensor> end = x =>
            Implicit.Ode.Integrate(
                (t, y) =>
                {
                    Assert.Equal(DType.Float32, t.DType);
                    return -x.Rate * t * y;
                },
                Times,
                x.Y0,
                options
            )[2];
        Tensor y = end((start, rate));
        Assert.Equal(DType.Float32, y.DType);
        Close.Elementwise([Math.Exp(-0.35), 2.0 * Math.Exp(-0.35)], y.ToArray(), 1e-5);
        (Tensor y0, Tensor slope) = Differentiation.Grad(x => Tensor.Sum(end(x)), (start, rate));
        Assert.Equal(DType.Float32, slope.DType);
        Close.Elementwise([Math.Exp(-0.35), Math.Exp(-0.35)], y0.ToArray(), 1e-5);
        Close.Elementwise([-1.5 * Math.Exp(-0.35)], slope.ToArray(), 1e-5);
    }

    /// <summary>A constant, an integer used as a mask, a truth value and the result of another solve.</summary>
    [Theory]
    [InlineData("checkpointed 5")]
    [InlineData("backsolve")]
    public void Captures_of_every_kind(string adjoint)
    {
        OdeOptions options = Tight with { Adjoint = Methods.Adjoints[adjoint] };
        Tensor mask = Tensor.Of([1L, 0L, 1L]);
        Tensor isLast = Tensor.Greater(Tensor.Of(0.0, 0.0, 1.0), 0.5);
        Tensor constant = Tensor.Of(0.5, 0.25, -0.5);
        Func<Tensor, Tensor> loss = k =>
        {
            Tensor rate = Implicit.Ode.Integrate((t, y) => -k * y, Tensor.Of(0.0, 1.0), Tensor.Scalar(1.0), options)[1];
            Tensor y = Implicit.Ode.Integrate(
                (t, y) =>
                    (Tensor.Cast(mask, DType.Float64) * rate * y) + Tensor.Where(isLast, constant, 0.0 * constant),
                Tensor.Of(0.0, 1.0),
                Tensor.Of(1.0, 1.0, 1.0),
                options
            );
            return Tensor.Sum(y[1]);
        };
        (Tensor value, Tensor slope) = Differentiation.ValueAndGrad(loss, Tensor.Scalar(0.3));
        // With r = e^{−k}: e^r + 1 + e^r − (e^r − 1)/(2r).
        double r = Math.Exp(-0.3);
        double e = Math.Exp(r);
        Close.Elementwise([(2.0 * e) + 1.0 - ((e - 1.0) / (2.0 * r))], [(double)value], 1e-8);
        double byRate = (2.0 * e) - (e / (2.0 * r)) + ((e - 1.0) / (2.0 * r * r));
        Close.Elementwise([-r * byRate], [(double)slope], 1e-7);
    }

    [Fact]
    public void A_field_may_ignore_state_and_time()
    {
        Tensor constant = Tensor.Of(2.0, -1.0);
        Func<Tensor, Tensor> end = c =>
            Implicit.Ode.Integrate((t, y) => c, Tensor.Of(1.0, 3.0), Tensor.Of(0.0, 1.0), Tight)[1];
        Close.Elementwise([4.0, -1.0], end(constant).ToArray(), 1e-12);
        Close.Elementwise([2.0, 2.0], Differentiation.Grad(c => Tensor.Sum(end(c)), constant).ToArray(), 1e-12);
        Tensor still = Implicit.Ode.Integrate((t, y) => Tensor.ZerosLike(y), Times, constant);
        Assert.Equal([2.0, -1.0, 2.0, -1.0, 2.0, -1.0], still.ToArray());
        Tensor ramp = Implicit.Ode.Integrate((t, y) => 2.0 * t, Times, Tensor.Scalar(1.0), Tight);
        Close.Elementwise([1.0, 1.16, 2.0], ramp.ToArray(), 1e-12);
        // A plain number is a field too, of a scalar state.
        Close.Elementwise(
            [1.0, 1.4, 2.0],
            Implicit.Ode.Integrate((t, y) => 1.0, Times, Tensor.Scalar(1.0)).ToArray(),
            1e-12
        );
    }

    /// <summary>Times may be integers, and single precision beside a double state.</summary>
    [Fact]
    public void Times_of_other_types()
    {
        Tensor y = Implicit.Ode.Integrate((t, y) => -y, Tensor.Of([0L, 1L, 2L]), Tensor.Scalar(1.0), Tight);
        Close.Elementwise([1.0, Math.Exp(-1.0), Math.Exp(-2.0)], y.ToArray(), 1e-9);
        Tensor single = Tensor.Of([0.0f, 1.0f]);
        Tensor slope = Differentiation.Grad(
            times => Implicit.Ode.Integrate((t, y) => -y, times, Tensor.Scalar(1.0), Tight)[1],
            single
        );
        Assert.Equal(DType.Float32, slope.DType);
        Close.Elementwise([Math.Exp(-1.0), -Math.Exp(-1.0)], slope.ToArray(), 1e-6);
    }

    /// <summary>Where the field does not read the time, float64 times serve a float32 state as they are.</summary>
    [Fact]
    public void Times_are_told_apart_beyond_the_type_of_the_state()
    {
        Tensor times = Tensor.Of(1.7e9, 1.7e9 + 1.0);
        Tensor y = Implicit.Ode.Integrate((t, y) => -y, times, Tensor.Scalar(1.0, DType.Float32));
        Assert.Equal(Math.Exp(-1.0), (double)y[1], 1e-5);
    }

    /// <summary>A solve whose field solves: y′ = −∫₀¹ y·e^{−s} ds = −(1 − e^{−1})·y.</summary>
    [Fact]
    public void A_solve_inside_a_field()
    {
        Func<Tensor, Tensor> end = k =>
            Implicit.Ode.Integrate(
                (t, y) =>
                    -Implicit.Ode.Integrate(
                        (s, integral) => y * Tensor.Exp(-k * s),
                        Tensor.Of(0.0, 1.0),
                        Tensor.ZerosLike(y),
                        Tight
                    )[1],
                Tensor.Of(0.0, 0.5),
                Tensor.Scalar(2.0),
                Problems.At(Tableau.Rk4, 1.0) with
                {
                    Steps = new StepControl.Fixed(0.05),
                }
            )[1];
        double rate = 1.0 - Math.Exp(-1.0);
        double known = 2.0 * Math.Exp(-0.5 * rate);
        Close.Elementwise([known], [(double)end(Tensor.Scalar(1.0))], 1e-7);
        // d/dk (1 − e^{−k})/k at 1 is 2e^{−1} − 1.
        double slope = -0.5 * ((2.0 * Math.Exp(-1.0)) - 1.0) * known;
        Close.Elementwise([slope], [(double)Differentiation.Grad(end, Tensor.Scalar(1.0))], 1e-7);
        Close.Elementwise(
            [slope],
            [(double)Differentiation.Jvp(end, Tensor.Scalar(1.0), Tensor.Scalar(1.0)).Tangent],
            1e-7
        );
    }

    /// <summary>Three solves in a scan, each from the end of the one before with a rate of its own.</summary>
    [Fact]
    public void A_solve_inside_a_scan()
    {
        Tensor rates = Tensor.Of(0.5, -0.2, 1.0);
        Func<Tensor, Tensor> end = r =>
            Loops
                .Scan(
                    (Tensor y, Tensor rate) =>
                    {
                        Tensor next = Implicit.Ode.Integrate((t, u) => rate * u, Tensor.Of(0.0, 1.0), y, Tight)[1];
                        return (next, next);
                    },
                    Tensor.Scalar(1.0),
                    r
                )
                .Carry;
        double known = Math.Exp(1.3);
        Close.Elementwise([known], [(double)end(rates)], 1e-9);
        Close.Elementwise([known, known, known], Differentiation.Grad(end, rates).ToArray(), 1e-8);
        Close.Elementwise(
            [6.0 * known],
            [(double)Differentiation.Jvp(end, rates, Tensor.Of(1.0, 2.0, 3.0)).Tangent],
            1e-8
        );
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    public void A_solve_inside_a_branch(double sign)
    {
        Func<Tensor, Tensor> end = x =>
            Branches.Cond(
                Tensor.Greater(x, 0.0),
                y => Implicit.Ode.Integrate((t, u) => u, Tensor.Of(0.0, 1.0), y, Tight)[1],
                y => y * y,
                x
            );
        Tensor at = Tensor.Scalar(2.0 * sign);
        Close.Elementwise([sign > 0 ? 2.0 * Math.E : 4.0], [(double)end(at)], 1e-8);
        Close.Elementwise([sign > 0 ? Math.E : -4.0], [(double)Differentiation.Grad(end, at)], 1e-8);
    }

    private static void IsExponential(Tensor actual, double rate, double[] start) =>
        Close.Elementwise(
            [.. Times.ToArray().SelectMany(t => start.Select(y => y * Math.Exp(rate * t)))],
            actual.ToArray(),
            1e-8
        );
}
