using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>Where the state rests, its error is nothing however long a step is; its derivatives are right all the same.</summary>
public sealed class RestTests
{
    private const double End = 10.0;

    private static readonly Dictionary<string, OdeOptions> Solvers = new()
    {
        ["dopri5"] = new OdeOptions(),
        ["tsit5"] = new OdeOptions { Method = Tableau.Tsit5 },
        ["dopri8"] = new OdeOptions { Method = Tableau.Dopri8 },
        ["bosh3"] = new OdeOptions { Method = Tableau.Bosh3 },
        ["direct"] = new OdeOptions { Adjoint = new Adjoint.Direct() },
        ["backsolve"] = new OdeOptions { Adjoint = new Adjoint.Backsolve() },
        ["pid"] = new OdeOptions { Steps = StepControl.PID },
    };

    public static TheoryData<string> Cases => [.. Solvers.Keys];

    /// <summary>A pendulum that hangs still, θ″ = −4·sin θ: ∂θ(t)/∂θ(0) = cos 2t, ∂θ(t)/∂θ′(0) = ½·sin 2t, and their derivatives by time.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_pendulum_that_hangs_still_has_the_derivatives_of_its_oscillations(string solver)
    {
        Tensor At(Tensor y0) => Pendulum(y0, Solvers[solver]);
        double[,] expected =
        {
            { Math.Cos(2.0 * End), Math.Sin(2.0 * End) / 2.0 },
            { -2.0 * Math.Sin(2.0 * End), Math.Cos(2.0 * End) },
        };
        for (int i = 0; i < 2; i++)
        {
            Tensor row = Differentiation.Grad((Tensor y0) => Tensor.Index(At(y0), 0, i), Tensor.Zeros([2]));
            Close.Elementwise([expected[i, 0], expected[i, 1]], row.ToArray(), 1e-5);
            Tensor column = Differentiation.Jvp(At, Tensor.Zeros([2]), Tensor.Eye(2)[i]).Tangent;
            Close.Elementwise([expected[0, i], expected[1, i]], column.ToArray(), 1e-5);
        }
    }

    /// <summary>y′ = w·cos 3t with w = 0, as a last layer begins: ∂y/∂w = sin(3t)/3.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_weight_that_is_zero_has_the_derivative_of_what_it_lets_in(string solver)
    {
        Tensor slope = Differentiation.Grad(
            (Tensor w) => Last((t, y) => w * Tensor.Cos(3.0 * t), Tensor.Scalar(1.0), Solvers[solver]),
            Tensor.Scalar(0.0)
        );
        Close.Elementwise([Math.Sin(3.0 * End) / 3.0], slope.ToArray(), 1e-5);
    }

    /// <summary>Fields at a point of rest: f of (time, state, parameter), that point, the end, and the derivative there by the parameter.</summary>
    private static readonly Dictionary<
        string,
        (Func<Tensor, Tensor, Tensor, Tensor> Field, double Still, double Parameter, double Slope)
    > Points = new()
    {
        // As large a disturbance of the state as of where it rests would be none.
        ["towards a parameter"] = ((t, y, p) => p - y, 2.0, 2.0, 1.0 - Math.Exp(-End)),
        ["fast towards a parameter"] = ((t, y, p) => 10.0 * (p - y), 2.0, 2.0, 1.0),
        ["two that cancel"] = (
            (t, y, p) => (p - 1.5) * Tensor.Sin(20.0 * t),
            0.0,
            1.5,
            (1.0 - Math.Cos(20.0 * End)) / 20.0
        ),
        ["logistic"] = ((t, y, p) => y * (p - y), 1.0, 1.0, 1.0 - Math.Exp(-End)),
        ["stiff"] = ((t, y, p) => (p * Tensor.Cos(3.0 * t)) - (300.0 * y), 0.0, 0.0, StiffResponse(300.0)),
    };

    public static TheoryData<string> Rests => [.. Points.Keys];

    [Theory]
    [MemberData(nameof(Rests))]
    public void A_state_at_rest_has_the_derivative_by_what_keeps_it_there(string name)
    {
        (Func<Tensor, Tensor, Tensor, Tensor> field, double rest, double parameter, double slope) = Points[name];
        Tensor At(Tensor p) => Last((t, y) => field(t, y, p), Tensor.Scalar(rest), new OdeOptions());
        Tensor p = Tensor.Scalar(parameter);
        Close.Elementwise([slope], Differentiation.Grad(At, p).ToArray(), 1e-5);
        Close.Elementwise([slope], Differentiation.Jvp(At, p, Tensor.Scalar(1.0)).Tangent.ToArray(), 1e-5);
    }

    /// <summary>What hardly moves is not seen beside the absolute tolerance; its derivative is that of rest.</summary>
    [Theory]
    [InlineData(1e-11)]
    [InlineData(1e-10)]
    [InlineData(1e-9)]
    [InlineData(1e-7)]
    public void What_is_nearly_at_rest_has_its_derivatives(double amplitude)
    {
        Tensor swing = Differentiation.Grad(
            (Tensor y0) => Tensor.Index(Pendulum(y0, new OdeOptions()), 0, 0),
            Tensor.Of(amplitude, 0.0)
        );
        Close.Elementwise([Math.Cos(2.0 * End), Math.Sin(2.0 * End) / 2.0], swing.ToArray(), 1e-4);
        Tensor weight = Differentiation.Grad(
            (Tensor w) => Last((t, y) => w * Tensor.Cos(3.0 * t), Tensor.Scalar(1.0), new OdeOptions()),
            Tensor.Scalar(amplitude)
        );
        Close.Elementwise([Math.Sin(3.0 * End) / 3.0], weight.ToArray(), 1e-4);
    }

    /// <summary>
    /// y′ = w·sin(y + 4·sin 4t), as a network with a small last layer: y hardly moves, and neither does its cotangent, beside which the derivative by w is
    /// large. Expected is that along short steps.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void What_moves_little_has_its_derivative_by_what_moves_it(string solver)
    {
        Tensor At(Tensor w, OdeOptions options) =>
            Last((t, y) => w * Tensor.Sin(y + (4.0 * Tensor.Sin(4.0 * t))), Tensor.Scalar(0.5), options, end: 5.0);
        var dense = new OdeOptions { Method = Tableau.Dopri8, MaxStep = 0.01 };
        foreach (double w in (double[])[0.0, 1e-12, 1e-9, 1e-7, 1e-6, 1e-5, 1e-3])
        {
            double Slope(OdeOptions options) =>
                Differentiation.Grad((Tensor x) => At(x, options), Tensor.Scalar(w)).ToDouble();
            Close.Elementwise([Slope(dense)], [Slope(Solvers[solver])], 1e-5);
        }
    }

    /// <summary>y₁′ = −y₁/10 from 1, y₂′ = 8(k·y₁ − y₂) from 0, k = 0: ∂y₂(5)/∂k = 8/7.9·(e^−½ − e^−40).</summary>
    [Fact]
    public void An_element_at_rest_has_its_derivative_beside_one_that_moves()
    {
        Tensor slope = Differentiation.Grad(
            (Tensor k) =>
                Last(
                    (t, y) => Tensor.Stack([-0.1 * y[0], 8.0 * ((k * y[0]) - y[1])]),
                    Tensor.Of(1.0, 0.0),
                    new OdeOptions(),
                    end: 5.0
                )[1],
            Tensor.Scalar(0.0)
        );
        Close.Elementwise([8.0 / 7.9 * (Math.Exp(-0.5) - Math.Exp(-40.0))], slope.ToArray(), 1e-5);
    }

    /// <summary>A constant that nobody differentiates by bounds no step: y′ = 0·cos(10⁴t)·y.</summary>
    [Fact]
    public void What_is_not_differentiated_by_costs_nothing()
    {
        Tensor none = Tensor.Scalar(0.0);
        Tensor slope = Differentiation.Grad(
            (Tensor y0) => Last((t, y) => none * Tensor.Cos(1e4 * t) * y, y0, new OdeOptions { MaxSteps = 100 }),
            Tensor.Scalar(1.5)
        );
        Close.Elementwise([1.0], slope.ToArray(), 1e-12);
    }

    /// <summary>The derivative by p of y′ = p·cos 3t − k·y from 0: ∫e^(−k(T−t))·cos 3t dt.</summary>
    private static double StiffResponse(double k) =>
        ((k * Math.Cos(3.0 * End)) + (3.0 * Math.Sin(3.0 * End))) / ((k * k) + 9.0);

    /// <summary>Items that rest and items that move, by the same field.</summary>
    [Fact]
    public void Items_of_a_batch_have_the_derivatives_that_they_have_alone()
    {
        Tensor starts = Tensor.Of(
            new[,]
            {
                { 0.0, 0.0 },
                { 1.0, 0.0 },
                { 1e-12, 0.0 },
            }
        );
        Tensor Slope(Tensor y0) =>
            Differentiation.Grad((Tensor y) => Tensor.Index(Pendulum(y, Solvers["dopri5"]), 0, 0), y0);
        Tensor together = Vectorisation.Vmap(Slope, starts);
        for (int i = 0; i < 3; i++)
            Close.Elementwise(Slope(starts[i]).ToArray(), together[i].ToArray(), 1e-12);
        Close.Elementwise(together[0].ToArray(), together[2].ToArray(), 1e-6);
    }

    /// <summary>y′ = θ − y until long after it has settled: the derivatives settle too, and steps may be as long as stability lets them.</summary>
    [Fact]
    public void Steps_grow_on_where_derivatives_have_settled()
    {
        OdeOptions options = new() { MaxSteps = 1000 };
        Tensor slope = Differentiation.Grad(
            (Tensor theta) => Last((t, y) => theta - y, Tensor.Scalar(0.0), options, end: 1000.0),
            Tensor.Scalar(0.5)
        );
        Close.Elementwise([1.0], slope.ToArray(), 1e-6);
    }

    [Fact]
    public void Too_few_steps_for_the_derivatives_are_an_error_that_says_so()
    {
        OdeOptions options = new() { MaxSteps = 50 };
        Tensor rest = Tensor.Zeros([2]);
        Assert.Equal([0.0, 0.0], Pendulum(rest, options).ToArray());
        string message = Assert
            .Throws<SolveException>(() =>
                Differentiation.Grad((Tensor y0) => Tensor.Sum(Pendulum(y0, options)), rest).ToArray()
            )
            .Message;
        Assert.Contains("derivatives need shorter steps than the state", message);
        // The value is there, so nothing may take its place.
        options = options with
        {
            OnFail = OnFail.Nan,
        };
        Assert.Equal([0.0, 0.0], Pendulum(rest, options).ToArray());
        Assert.Throws<SolveException>(() =>
            Differentiation.Grad((Tensor y0) => Tensor.Sum(Pendulum(y0, options)), rest).ToArray()
        );
    }

    /// <summary>y′ = −√max(y, 0) from 0 has a derivative that is not a number: no step is short enough for it, and the state alone says how long they are.</summary>
    [Fact]
    public void A_derivative_that_is_no_number_does_not_use_up_the_steps()
    {
        Tensor slope = Differentiation.Grad(
            (Tensor y0) => Last((t, y) => -Tensor.Sqrt(Tensor.Maximum(y, 0.0)), y0, new OdeOptions { MaxSteps = 200 }),
            Tensor.Scalar(0.0)
        );
        Assert.True(double.IsNaN(slope.ToArray()[0]));
    }

    /// <summary>y′ = w·cos 3t computed in float32 with w = 0: a capture may be of another type than the state.</summary>
    [Fact]
    public void What_is_disturbed_may_be_of_several_types()
    {
        Tensor slope = Differentiation.Grad(
            (Tensor w) =>
                Last(
                    (t, y) => Tensor.Cast(w * Tensor.Cast(Tensor.Cos(3.0 * t), DType.Float32), DType.Float64),
                    Tensor.Scalar(1.0),
                    new OdeOptions()
                ),
            Tensor.Cast(Tensor.Scalar(0.0), DType.Float32)
        );
        Close.Elementwise([Math.Sin(3.0 * End) / 3.0], slope.ToArray(), 1e-5);
    }

    /// <summary>A rule that clips what comes back has no derivative in forward mode: there is no disturbance to follow, and the gradient is that of the rule.</summary>
    [Fact]
    public void A_field_without_forward_mode_has_its_gradient()
    {
        Tensor Clipped(Tensor y) =>
            CustomDerivatives.Apply((Tensor x) => -x, (x, _, w) => -Tensor.Clamp(w, -100.0, 100.0), null, y);
        foreach (double start in (double[])[0.0, 1e-9, 1.0])
        {
            Tensor slope = Differentiation.Grad(
                (Tensor y0) => Last((t, y) => Clipped(y), y0, new OdeOptions { MaxStep = 0.1 }, end: 1.0),
                Tensor.Scalar(start)
            );
            Close.Elementwise([Math.Exp(-1.0)], slope.ToArray(), 1e-6);
        }
    }

    private static Tensor Pendulum(Tensor y0, OdeOptions options) =>
        Last((t, y) => Tensor.Stack([Tensor.Index(y, 0, 1), -4.0 * Tensor.Sin(Tensor.Index(y, 0, 0))]), y0, options);

    private static Tensor Last(Func<Tensor, Tensor, Tensor> field, Tensor y0, OdeOptions options, double end = End) =>
        Tensor.Index(Implicit.Ode.Integrate(field, Tensor.Of([0.0, end]), y0, options), 0, 1);
}
