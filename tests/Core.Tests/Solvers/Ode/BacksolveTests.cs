using Implicit.Runtime;
using Implicit.Solvers.Ode;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>The adjoint equation in one solve with jumps, beside the solves from output to output that say what it is.</summary>
public sealed class BacksolveTests
{
    public static TheoryData<string> All => [.. Methods.All.Keys];

    public static TheoryData<string> Adaptive => Methods.Adaptive;

    [Theory]
    [MemberData(nameof(All))]
    public void Fixed_steps_are_those_of_the_intervals(string method)
    {
        var options = new OdeOptions { Method = Methods.All[method].Tableau, Steps = new StepControl.Fixed(0.06) };
        Compare(options, Weighted.Spread, 1e-14);
        Compare(options, [1.0, 0.61, 0.3, -0.2], 1e-14);
        Compare(options, [0.4], 0.0);
    }

    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Adaptive_steps_agree_with_the_intervals_to_the_tolerance(string method)
    {
        OdeOptions options = Problems.At(Methods.All[method].Tableau, 1e-9);
        Compare(options, Weighted.Spread, 1e-7);
        Compare(options, [.. Enumerable.Range(0, 60).Select(i => i / 40.0)], 1e-7);
    }

    /// <summary>Pairs of outputs that are close: the short step between them says little of the steps that can follow.</summary>
    [Fact]
    public void A_step_cut_short_by_an_output_does_not_shorten_those_after_it()
    {
        double[] times = [.. Enumerable.Range(0, 20).SelectMany(i => (double[])[0.1 * i, (0.1 * i) + 1e-7])];
        OdeSetup setup = OdeSetup.Of(
            (t, y) => -0.5 * y,
            Tensor.Of(times),
            Tensor.Scalar(1.0),
            Problems.At(Tableau.Dopri5, 1e-5) with
            {
                FirstStep = 0.1,
            }
        );
        var driver = new OdeDriver(
            setup.Problem.Kernels,
            StepGrid.Of(times),
            Array.ConvertAll(setup.Y0, Reading.Force),
            Array.ConvertAll(setup.Captures, Reading.Force),
            new Indifferent(),
            stopsAtOutputs: true
        );
        driver.Run();
        driver.RequireSuccess();
        Assert.Equal(new OdeStatistics(7 * (times.Length - 1), times.Length - 1, 0), driver.Statistics);
    }

    /// <summary>The adjoint takes a step for each output at least, where the forward solve steps over many.</summary>
    [Fact]
    public void The_budget_of_steps_is_that_of_each_interval()
    {
        double[] times = [.. Enumerable.Range(0, 41).Select(i => 0.01 * i)];
        var options = new OdeOptions { MaxSteps = 10, Adjoint = new Adjoint.Backsolve() };
        Tensor gradient = Differentiation.Grad(
            y0 => Tensor.Sum(Implicit.Ode.Integrate((t, y) => -y, Tensor.Of(times), y0, options)),
            Tensor.Scalar(1.0)
        );
        Assert.Equal(times.Sum(t => Math.Exp(-t)), gradient.ToDouble(), 1e-5);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(0.1, 1)]
    [InlineData(null, 3)]
    public void A_cotangent_that_is_not_finite_says_where(double? size, int output)
    {
        var options = new OdeOptions
        {
            Adjoint = new Adjoint.Backsolve(),
            Steps = size is { } fixedSize ? new StepControl.Fixed(fixedSize) : StepControl.Automatic,
        };
        double[] weights = [.. Enumerable.Repeat(1.0, 8)];
        weights[(2 * output) + 1] = double.NaN;
        Func<Tensor, Tensor> loss = y0 =>
            Tensor.Sum(
                Tensor.Of(weights, [4, 2])
                    * Implicit.Ode.Integrate((t, y) => -y, Tensor.Of(0.0, 0.5, 1.0, 1.5), y0, options)
            );
        var error = Assert.Throws<SolveException>(() => Differentiation.Grad(loss, Tensor.Of(0.1, 0.2)).ToArray());
        string state = output == 3 ? "initial state" : "state";
        Assert.StartsWith(
            $"[odeint] adjoint equation: NonFinite: at t = {Problems.Text(0.5 * output)} the {state} is not finite in component [1] of leaf 1",
            error.Message
        );
    }

    [Fact]
    public void A_step_that_is_too_small_says_where_and_in_which_component()
    {
        var options = new OdeOptions
        {
            RelativeTolerance = 1e-3,
            MinStep = 0.05,
            Adjoint = new Adjoint.Backsolve(1e-14, 1e-16),
        };
        Func<Tensor, Tensor> loss = y0 =>
            Tensor.Sum(Implicit.Ode.Integrate((t, y) => Tensor.Sin(3.0 * y), Tensor.Of(0.0, 1.0), y0, options));
        var error = Assert.Throws<SolveException>(() => Differentiation.Grad(loss, Tensor.Of(0.1, 0.2)).ToArray());
        Assert.StartsWith("[odeint] adjoint equation: StepTooSmall: at t = ", error.Message);
        Assert.Matches(@"largest in component \[[01]\] of leaf [01]", error.Message);
    }

    /// <summary>
    /// y = e^{−6t} is rounding at t = 5, and comes back as 3000 instead of 1: the derivative of θ·∫y² by θ was 990380 instead of 1/12. Something large
    /// beside it, in a leaf of its own or in the same one, does not hide that.
    /// </summary>
    [Theory]
    [InlineData(true, "component [0] of leaf 0")]
    [InlineData(false, "component [1] of leaf 0")]
    public void A_state_that_does_not_come_back_is_an_error(bool isApart, string component)
    {
        var error = Assert.Throws<SolveException>(() => Slope(Tensor.Of(0.0, 5.0)).ToArray());
        Assert.StartsWith(
            $"[odeint] adjoint equation: NotReversible: from t = 5 back to 0 {component} came out as ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("where it had been 1:", error.Message, StringComparison.Ordinal);
        Assert.Contains("Checkpointed", error.Message, StringComparison.Ordinal);
        // From output to output it comes back, and where it is less than is asked nothing is lost.
        Assert.Equal(1.0 / 12.0, (double)Slope(Tensor.Linspace(0.0, 5.0, 11)), 1e-6);

        Tensor Slope(Tensor times) =>
            Differentiation.Grad(theta => isApart ? Apart(times, theta) : Together(times, theta), Tensor.Scalar(1.0));

        static Tensor Apart(Tensor times, Tensor theta) =>
            Implicit
                .Ode.Integrate<(Tensor Y, Tensor Sum, Tensor Large)>(
                    (t, y) => (-6.0 * y.Y, theta * y.Y * y.Y, 0.0 * y.Large),
                    times,
                    (Tensor.Of([1.0]), Tensor.Of([0.0]), Tensor.Of([3e6])),
                    new OdeOptions { Adjoint = new Adjoint.Backsolve() }
                )
                .Sum[-1][0];

        static Tensor Together(Tensor times, Tensor theta) =>
            Implicit.Ode.Integrate(
                (t, y) => Tensor.Stack([0.0 * y[0], -6.0 * y[1], theta * y[1] * y[1]]),
                times,
                Tensor.Of(3e6, 1.0, 0.0),
                new OdeOptions { Adjoint = new Adjoint.Backsolve() }
            )[-1][2];
    }

    /// <summary>The derivative of 10·θ·10³⁰⁸ by θ overflows on the way: the parameters' part is seen though it does not control the steps.</summary>
    [Fact]
    public void A_derivative_by_a_parameter_that_overflows_is_an_error()
    {
        var options = new OdeOptions { Adjoint = new Adjoint.Backsolve() };
        Func<Tensor, Tensor> loss = theta =>
            Implicit.Ode.Integrate((t, y) => theta * (1e308 + t), Tensor.Of(0.0, 10.0), Tensor.Scalar(1.0), options)[1];
        var error = Assert.Throws<SolveException>(() => Differentiation.Grad(loss, Tensor.Scalar(0.0)).ToArray());
        Assert.StartsWith(
            "[odeint] adjoint equation: NonFinite: beyond t = 8.2",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("leaf 2", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The state is 0 at every output, and large between them: what it is off there is little.</summary>
    [Fact]
    public void A_state_is_as_large_as_it_was_between_outputs()
    {
        OdeOptions options = Problems.At(Tableau.Dopri5, 1e-3) with
        {
            AbsoluteTolerance = 1e-9,
            Adjoint = new Adjoint.Backsolve(),
        };
        Tensor slope = Differentiation.Grad(
            w =>
                Implicit.Ode.Integrate(
                    (t, y) => w * Tensor.Cos(t),
                    Tensor.Of(0.0, Math.PI, 2.0 * Math.PI),
                    Tensor.Scalar(0.0),
                    options
                )[2],
            Tensor.Scalar(1.0)
        );
        Assert.Equal(0.0, (double)slope, 1e-2);
    }

    private static void Compare(OdeOptions options, double[] times, double tolerance)
    {
        Tensor p = Tensor.Of(0.9, 1.3, 0.6);
        OdeSetup setup = OdeSetup.Of(
            (t, y) => Weighted.Field(p, t, y),
            Tensor.Of(times),
            Tensor.Of(0.7, -0.4),
            options with
            {
                Adjoint = new Adjoint.Backsolve(),
            }
        );
        Tensor[] data = [.. setup.Captures, setup.Times];
        Tensor rows = Tensor.ApplyMany(new OdeintOp(setup.Problem, OnFail.Throw, setup.Moving), [.. setup.Y0, .. data])[
            0
        ];
        Tensor weights = Tensor.Cos(1.0 + Tensor.Reshape(Tensor.Arange(0.0, rows.Length), rows.Shape));
        Tensor[] inputs = [rows, weights, .. data];
        var op = new BacksolveOp(setup.Problem, [.. Flags.All(setup.Captures.Length)]);
        Tensor[] intervals = op.Definition(Tensor.Types(inputs)).Apply(inputs);
        Close.Normwise(Weighted.Flat(intervals), Weighted.Flat(Tensor.ApplyMany(op, inputs)), tolerance);
    }

    private sealed class Indifferent : IStepObserver
    {
        public void Accepted(int step, double start, double size, Stepper stepper) { }

        public void Emitted(int output, Stepper stepper, int step, double theta) { }
    }
}
