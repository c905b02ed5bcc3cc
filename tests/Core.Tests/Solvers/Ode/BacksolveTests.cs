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
        var options = new OdeOptions
        {
            RelativeTolerance = 1e-5,
            MaxSteps = times.Length + 5,
            Adjoint = new Adjoint.Backsolve(),
        };
        Tensor rate = Differentiation.Grad(
            k => Tensor.Sum(Implicit.Ode.Integrate((t, y) => -k * y, Tensor.Of(times), Tensor.Scalar(1.0), options)),
            Tensor.Scalar(0.5)
        );
        double expected = times.Sum(t => -t * Math.Exp(-0.5 * t));
        Assert.Equal(expected, rate.ToDouble(), 1e-4 * Math.Abs(expected));
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
        Assert.Contains("StepTooSmall: at t = ", error.Message);
        Assert.Matches(@"largest in component \[[01]\] of leaf [01]", error.Message);
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
        Tensor[] solved = Tensor.ApplyMany(new OdeintOp(setup.Problem), [.. setup.Y0, .. data]);
        Tensor rows = solved[0];
        Tensor weights = Tensor.Cos(1.0 + Tensor.Reshape(Tensor.Arange(0.0, rows.Length), rows.Shape));
        Tensor[] inputs = [rows, weights, .. data, solved[1]];
        var op = new BacksolveOp(setup.Problem, [.. Flags.All(setup.Captures.Length)]);
        Tensor[] intervals = op.Definition(Tensor.Types(inputs)).Apply(inputs);
        Close.Normwise(Weighted.Flat(intervals), Weighted.Flat(Tensor.ApplyMany(op, inputs)), tolerance);
    }
}
