using System.Collections.Concurrent;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// Where stability limits the steps, errors of many steps cancel in the state. Derivatives along the same steps are right all the same; with
/// steps by the state alone they are wrong by up to sixty orders of magnitude here.
/// </summary>
public sealed class StiffTests
{
    private static readonly Dictionary<
        string,
        (Func<Tensor, Tensor, Tensor, Tensor> Field, double[] Start, double Parameter, double End)
    > Equations = new()
    {
        ["a fast relaxation"] = ((t, y, p) => -1000.0 * (y - (p * Tensor.Cos(t))), [1.0], 1.0, 10.0),
        ["a loose one"] = ((t, y, p) => (p * Tensor.Cos(3.0 * t)) - (250.0 * y), [0.3], 1.0, 10.0),
        ["a damped oscillation"] = (
            (t, y, p) =>
                Tensor.Stack([(-50.0 * y[0]) + (200.0 * y[1]) + (p * Tensor.Cos(t)), (-200.0 * y[0]) - (50.0 * y[1])]),
            [1.0, 0.0],
            1.0,
            10.0
        ),
        ["behind a slow oscillation"] = (
            (t, y, p) => Tensor.Stack([y[1], -p * y[0], -200.0 * (y[2] - (y[0] * y[1]))]),
            [1.0, 0.0, 0.0],
            1.0,
            20.0
        ),
        // The error of the stiff element is a small part of that of all.
        ["beside large ones"] = (
            (t, y, p) => Tensor.Stack([3.0 * y[1], -3.0 * y[0], -1000.0 * (y[2] - (p * Tensor.Cos(t)))]),
            [30.0, 0.0, 1.0],
            1.0,
            10.0
        ),
        // It settles where it is as small as what may be its error.
        ["a reservoir"] = ((t, y, p) => (p * (2.0 + Tensor.Sin(t))) - (20.0 * Tensor.Sqrt(y)), [1.0], 0.1, 20.0),
        // van der Pol's oscillator.
        ["vdp"] = (
            (t, y, p) => Tensor.Stack([y[1], (p * (1.0 - (y[0] * y[0])) * y[1]) - y[0]]),
            [2.0, 0.0],
            100.0,
            50.0
        ),
        // Robertson's reaction (Hairer, Wanner II, IV.1).
        ["robertson"] = (
            (t, y, p) =>
            {
                Tensor first = p * y[0];
                Tensor second = 1e4 * y[1] * y[2];
                Tensor third = 3e7 * y[1] * y[1];
                return Tensor.Stack([second - first, first - second - third, third]);
            },
            [1.0, 0.0, 0.0],
            0.04,
            4.0
        ),
    };

    private static readonly Dictionary<string, OdeOptions> Solvers = new()
    {
        ["dopri5"] = new OdeOptions(),
        ["tsit5"] = new OdeOptions { Method = Tableau.Tsit5 },
        ["bosh3"] = new OdeOptions { Method = Tableau.Bosh3 },
        ["dopri8"] = new OdeOptions { Method = Tableau.Dopri8 },
        ["direct"] = new OdeOptions { Adjoint = new Adjoint.Direct() },
        ["pi"] = new OdeOptions { Steps = StepControl.PI },
    };

    private static readonly ConcurrentDictionary<string, double[]> Known = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string equation in Equations.Keys)
            foreach (string solver in Solvers.Keys)
                cases.Add(equation, solver);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives_are_right_where_stability_limits_the_steps(string equation, string solver)
    {
        double[] expected = Exact(equation);
        double scale = expected.Max(Math.Abs);
        foreach (double tolerance in (double[])[1e-4, 1e-5, 1e-7])
        {
            OdeOptions options = Loose(Solvers[solver], tolerance);
            Tensor point = Point(equation);
            double[] gradient = Differentiation.Grad(x => Reading(equation, x, options), point).ToArray();
            Close.Elementwise(expected, gradient, 100.0 * tolerance * scale);
            double[] along = Differentiation
                .Jvp(x => Reading(equation, x, options), point, Tensor.OnesLike(point))
                .Tangent.ToArray();
            Close.Elementwise([gradient.Sum()], along, 1e-8 * scale);
        }
    }

    /// <summary>y′ = 300(p − y³): y = p^⅓ once that has settled, so ∂²y/∂p² = −2/9·p^(−5/3).</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(1e-5)]
    [InlineData(1e-7)]
    public void Second_derivatives_are_right_too(double tolerance)
    {
        Tensor At(Tensor p) =>
            Implicit.Ode.Integrate(
                (t, y) => 300.0 * (p - (y * y * y)),
                Tensor.Of([0.0, 10.0]),
                Tensor.Scalar(1.0),
                Loose(Solvers["dopri5"], tolerance)
            )[1];
        Tensor p = Tensor.Scalar(3.0);
        double[] expected = [-2.0 / 9.0 * Math.Pow(3.0, -5.0 / 3.0)];
        Tensor Slope(Tensor at) => Differentiation.Grad(At, at);
        Close.Elementwise(expected, Differentiation.Grad(Slope, p).ToArray(), 1e-8);
        Close.Elementwise(expected, Differentiation.Jvp(Slope, p, Tensor.Scalar(1.0)).Tangent.ToArray(), 1e-8);
    }

    [Fact]
    public void Items_of_a_batch_have_the_derivatives_that_they_have_alone()
    {
        OdeOptions options = Loose(Solvers["dopri5"], 1e-7);
        Tensor Slope(Tensor point) => Differentiation.Grad(x => Reading("vdp", x, options), point);
        Tensor points = Tensor.Stack([Point("vdp"), Point("vdp") * 0.5]);
        Tensor together = Vectorisation.Vmap(Slope, points);
        for (int i = 0; i < 2; i++)
            Close.Elementwise(Slope(points[i]).ToArray(), together[i].ToArray(), 1e-12);
    }

    /// <summary>
    /// Two species that exchange fast in many cells: what is disturbed must not be alike in both, in any number of cells. uᵢ′ = −vᵢ′ = −400(uᵢ − vᵢ − p·cos t) from
    /// 1 leaves vᵢ(t) = 1 − ½p·cos t once that has settled.
    /// </summary>
    [Theory]
    [InlineData(8)]
    [InlineData(34)]
    [InlineData(144)]
    public void What_exchanges_fast_is_disturbed_apart(int cells)
    {
        Tensor At(Tensor p) =>
            Implicit.Ode.Integrate(
                (t, y) =>
                {
                    Tensor rate = 400.0 * (y[0] - y[1] - (p * Tensor.Cos(t)));
                    return Tensor.Stack([-rate, rate]);
                },
                Tensor.Of([0.0, 20.0]),
                Tensor.Ones([2, cells]),
                Loose(Solvers["tsit5"], 1e-4)
            )[1][1][0];
        // w = u − v follows w′ = −800(w − p·cos t).
        double slope = -0.5 * ((800.0 * 800.0 * Math.Cos(20.0)) + (800.0 * Math.Sin(20.0))) / ((800.0 * 800.0) + 1.0);
        Close.Elementwise([slope], Differentiation.Grad(At, Tensor.Scalar(1.0)).ToArray(), 1e-6);
    }

    /// <summary>The same of two leaves, in float32.</summary>
    [Fact]
    public void Leaves_are_disturbed_apart()
    {
        Tensor At(Tensor p)
        {
            (Tensor, Tensor) start = (Tensor.Ones([5], DType.Float32), Tensor.Ones([5], DType.Float32));
            return Tensor.Index(
                Implicit
                    .Ode.Integrate(
                        (t, y) =>
                        {
                            Tensor rate = 400.0 * (y.Item1 - y.Item2 - (p * Tensor.Cos(t)));
                            return (-rate, rate);
                        },
                        Tensor.Of([0.0, 20.0]),
                        start,
                        Loose(Solvers["dopri5"], 1e-4)
                    )
                    .Item2[1],
                0,
                0
            );
        }
        Tensor gradient = Differentiation.Grad(At, Tensor.Cast(Tensor.Scalar(1.0), DType.Float32));
        Close.Elementwise([-0.5 * Math.Cos(20.0)], gradient.ToArray(), 2e-3);
    }

    /// <summary>A stiff element behind an oscillation at tight tolerances, where the error of the state is small now and then: as many steps again are enough.</summary>
    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e-7)]
    [InlineData(1e-8)]
    public void Derivatives_do_not_take_many_times_the_steps(double tolerance)
    {
        Tensor At(Tensor p, OdeOptions options) =>
            Implicit.Ode.Integrate(
                (t, y) => Tensor.Stack([y[1], -y[0], -500.0 * (y[2] - (p * y[0]))]),
                Tensor.Of([0.0, 20.0]),
                Tensor.Of([1.0, 0.0, 1.0]),
                options
            )[1][2];
        OdeOptions options = Loose(Solvers["dopri5"], tolerance) with { MaxSteps = 8000 };
        double slope = ((500.0 * 500.0 * Math.Cos(20.0)) + (500.0 * Math.Sin(20.0))) / ((500.0 * 500.0) + 1.0);
        Tensor gradient = Differentiation.Grad(p => At(p, options), Tensor.Scalar(1.0));
        Close.Elementwise([slope], gradient.ToArray(), 1e2 * tolerance);
    }

    /// <summary>Steps are the same whether they will be differentiated or not, unless stability limits them: so are their bits.</summary>
    [Fact]
    public void Nothing_changes_where_accuracy_limits_the_steps()
    {
        Tensor start = Tensor.Of([2.0, 0.0, 1.0]);
        Tensor Mild(Tensor x) =>
            Implicit.Ode.Integrate(
                (t, y) => Tensor.Stack([y[1], (x[2] * (1.0 - (y[0] * y[0])) * y[1]) - y[0]]),
                Tensor.Of([0.0, 10.0]),
                x[..2],
                new OdeOptions()
            )[1];
        Assert.Equal(Mild(start).ToArray(), Differentiation.Jvp(Mild, start, Tensor.OnesLike(start)).Value.ToArray());
    }

    /// <summary>y′ = p − 5y, which settles: derivatives take a third more steps than the state.</summary>
    [Fact]
    public void Too_few_steps_for_the_derivatives_are_an_error_that_says_so()
    {
        OdeOptions options = Loose(Solvers["dopri5"], 1e-7) with { OnFail = OnFail.Nan };
        Func<Tensor, OdeOptions, Tensor> at = (p, options) =>
            Implicit.Ode.Integrate((t, y) => p - (5.0 * y), Tensor.Of([0.0, 100.0]), Tensor.Scalar(0.3), options)[1];
        OdeStatistics plain = Implicit
            .Ode.Solve((t, y) => 1.0 - (5.0 * y), Tensor.Of([0.0, 100.0]), Tensor.Scalar(0.3), options)
            .Statistics;
        options = options with { MaxSteps = plain.Accepted + plain.Rejected };
        Close.Elementwise([0.2], at(Tensor.Scalar(1.0), options).ToArray(), 1e-6);
        // The value is there, so nothing may take its place.
        string message = Assert
            .Throws<SolveException>(() => Differentiation.Grad(p => at(p, options), Tensor.Scalar(1.0)).ToArray())
            .Message;
        Assert.Contains("derivatives need shorter steps than the state", message);
    }

    private static OdeOptions Loose(OdeOptions solver, double tolerance) =>
        solver with
        {
            RelativeTolerance = tolerance,
            AbsoluteTolerance = tolerance / 100.0,
            MaxSteps = 100_000,
        };

    /// <summary>The gradient of <see cref="Reading"/> along short steps of one size, whatever their errors: h·|λ| is below 1.</summary>
    private static double[] Exact(string equation) =>
        Known.GetOrAdd(
            equation,
            name =>
            {
                OdeOptions options = new()
                {
                    Method = Tableau.Rk4,
                    Steps = new StepControl.Fixed(2e-4),
                    MaxSteps = 1_000_000,
                };
                return Differentiation.Grad(x => Reading(name, x, options), Point(name)).ToArray();
            }
        );

    /// <summary>The initial state and the parameter.</summary>
    private static Tensor Point(string equation) =>
        Tensor.Of([.. Equations[equation].Start, Equations[equation].Parameter]);

    /// <summary>A weighted sum of the state at the end.</summary>
    private static Tensor Reading(string equation, Tensor point, OdeOptions options)
    {
        (Func<Tensor, Tensor, Tensor, Tensor> field, double[] start, _, double end) = Equations[equation];
        Tensor y0 = point[..start.Length];
        Tensor p = point[start.Length];
        Tensor states = Implicit.Ode.Integrate((t, y) => field(t, y, p), Tensor.Of([0.0, end]), y0, options);
        return Tensor.Sum(Tensor.Of([0.7, -0.3, 0.45])[..start.Length] * states[1]);
    }
}
