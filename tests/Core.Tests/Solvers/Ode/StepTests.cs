using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>How steps are chosen, counted and limited.</summary>
public sealed class StepTests
{
    private static readonly Tensor Span = Tensor.Of(0.0, 10.0);

    public static TheoryData<string> Names => Methods.Names;

    public static TheoryData<string> Adaptive => Methods.Adaptive;

    /// <summary>Each interval is divided evenly into steps no longer than asked; ends are met exactly.</summary>
    [Theory]
    [InlineData(0.25, new[] { 0.0, 1.0 }, 4)]
    [InlineData(0.3, new[] { 0.0, 1.0 }, 4)]
    [InlineData(0.1, new[] { 0.0, 0.3 }, 3)]
    [InlineData(0.5, new[] { 0.0, 0.2, 1.3 }, 4)]
    [InlineData(0.5, new[] { 1.0, 0.0, -0.75 }, 4)]
    [InlineData(10.0, new[] { 0.0, 1.0, 2.0 }, 2)]
    public void Fixed_divides_each_interval_evenly(double size, double[] times, int steps)
    {
        OdeSolution<Tensor> solution = Implicit.Ode.Solve(
            (t, y) => Tensor.OnesLike(y),
            Tensor.Of(times),
            Tensor.Scalar(0.0),
            new OdeOptions { Method = Tableau.Rk4, Steps = new StepControl.Fixed(size) }
        );
        Assert.Equal(steps, solution.Statistics.Accepted);
        Assert.Equal(0, solution.Statistics.Rejected);
        Close.Elementwise([.. times.Select(t => t - times[0])], solution.Values.ToArray(), 1e-14);
    }

    /// <summary>A component that is 0 has no scale of its own, at the start and where it stays 0: no error of it is 0, not 0/0.</summary>
    [Theory]
    [MemberData(nameof(Adaptive))]
    public void A_relative_tolerance_alone_starts_from_zero(string name)
    {
        foreach (
            (DType dtype, double relative, double close) in new[]
            {
                (DType.Float64, 1e-8, 1e-6),
                (DType.Float32, 1e-4, 1e-3),
            }
        )
        {
            Tensor values = Implicit.Ode.Integrate(
                (t, y) => Tensor.Stack([y[1], -y[0], 0.0 * y[2]]),
                Tensor.Cast(Tensor.Of(0.0, 1.0), dtype),
                Tensor.Cast(Tensor.Of(0.0, 1.0, 0.0), dtype),
                new OdeOptions
                {
                    Method = Methods.All[name].Tableau,
                    RelativeTolerance = relative,
                    AbsoluteTolerance = 0.0,
                }
            );
            Close.Elementwise([Math.Sin(1.0), Math.Cos(1.0), 0.0], values[1].ToArray(), close);
        }
    }

    /// <summary>One evaluation at the start, then as many as stages, or one less where the last stage is the next step's first.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Evaluations_are_stages_times_steps(string name)
    {
        Tableau method = Methods.All[name].Tableau;
        int perStep = method.IsFirstSameAsLast ? method.Stages - 1 : method.Stages;
        OdeStatistics fixedSteps = Solve(
            new OdeOptions { Method = method, Steps = new StepControl.Fixed(0.1) }
        ).Statistics;
        Assert.Equal(new OdeStatistics(1 + (100 * perStep), 100, 0), fixedSteps);
        if (!method.HasErrorEstimate)
            return;
        OdeStatistics adaptive = Solve(
            new OdeOptions
            {
                Method = method,
                Steps = StepControl.I,
                RelativeTolerance = 1e-5,
                AbsoluteTolerance = 1e-5,
            }
        ).Statistics;
        // One more evaluation for the size of the first step.
        Assert.Equal(2 + (perStep * (adaptive.Accepted + adaptive.Rejected)), adaptive.Evaluations);
        OdeStatistics given = Solve(
            new OdeOptions
            {
                Method = method,
                Steps = StepControl.I,
                RelativeTolerance = 1e-5,
                AbsoluteTolerance = 1e-5,
                FirstStep = 0.01,
            }
        ).Statistics;
        Assert.Equal(1 + (perStep * (given.Accepted + given.Rejected)), given.Evaluations);
    }

    /// <summary>Output inside a step costs nothing, but for the three stages of Dopri8 that only dense output needs.</summary>
    [Theory]
    [InlineData("dopri5", 0)]
    [InlineData("dopri8", 3)]
    public void Outputs_inside_steps_do_not_change_the_steps(string name, int extra)
    {
        OdeOptions options = Problems.At(Methods.All[name].Tableau, 1e-6);
        OdeStatistics few = Solve(options).Statistics;
        OdeSolution<Tensor> many = Solve(options, Tensor.Linspace(0.0, 10.0, 1001));
        Assert.Equal((few.Accepted, few.Rejected), (many.Statistics.Accepted, many.Statistics.Rejected));
        Assert.Equal(few.Evaluations + (extra * few.Accepted), many.Statistics.Evaluations);
    }

    /// <summary>By Hairer's rule the first step of y′ = −y is (1e-9)^(1/5) ≈ 0.016 here, and one of 0.036 is expected to meet the tolerance.</summary>
    [Theory]
    [InlineData(0.015, null, 1)]
    [InlineData(0.03, null, 1)]
    [InlineData(-0.03, null, 1)]
    [InlineData(0.03, 0.016, 2)]
    [InlineData(0.04, null, 2)]
    public void A_span_within_reach_of_the_first_step_is_one_step(double span, double? first, int steps)
    {
        OdeSolution<Tensor> solution = Implicit.Ode.Solve(
            (t, y) => -y,
            Tensor.Of(0.0, span),
            Tensor.Of([1.0]),
            new OdeOptions { FirstStep = first }
        );
        Assert.Equal((steps, 0), (solution.Statistics.Accepted, solution.Statistics.Rejected));
        Assert.Equal(Math.Exp(-span), solution.Values[1].ToArray()[0], 1e-7);
    }

    [Fact]
    public void Automatic_is_adaptive_from_order_three_on_and_one_step_per_interval_below()
    {
        foreach (Method method in Methods.All.Values)
        {
            OdeStatistics statistics = Solve(
                new OdeOptions { Method = method.Tableau },
                Tensor.Of(0.0, 0.01, 0.02)
            ).Statistics;
            if (method.Tableau.HasErrorEstimate && method.Tableau.Order >= 3)
                Assert.Equal(
                    Solve(
                        new OdeOptions { Method = method.Tableau, Steps = StepControl.I },
                        Tensor.Of(0.0, 0.01, 0.02)
                    ).Statistics,
                    statistics
                );
            else
                Assert.Equal(2, statistics.Accepted);
        }
    }

    /// <summary>Every control meets the tolerance, on a problem that multiplies errors of steps by less than a hundred.</summary>
    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Every_control_meets_the_tolerance(string name)
    {
        foreach (double rtol in (double[])[1e-4, 1e-6, 1e-8])
        foreach (StepControl control in (StepControl[])[StepControl.I, StepControl.PI, StepControl.PID])
        {
            OdeSolution<Tensor> solution = Solve(
                Problems.At(Methods.All[name].Tableau, rtol) with
                {
                    Steps = control,
                    MaxSteps = 1_000_000,
                }
            );
            Close.Elementwise(
                [1.0263447675750893191, 0.90969107813604161755],
                solution.Values[1].ToArray(),
                100.0 * rtol
            );
        }
    }

    [Fact]
    public void Controls_differ_in_their_steps()
    {
        int[] counts =
        [
            .. new[] { StepControl.I, StepControl.PI, StepControl.PID }.Select(control =>
                Solve(Problems.At(Tableau.Dopri5, 1e-6) with { Steps = control }).Statistics.Accepted
            ),
        ];
        Assert.Equal(3, counts.Distinct().Count());
    }

    /// <summary>The norm sees one scaled error per leaf; the largest element is a stricter norm than the root mean square.</summary>
    [Fact]
    public void The_norm_is_the_users()
    {
        OdeOptions options = Problems.At(Tableau.Dopri5, 1e-6);
        int usual = Solve(options).Statistics.Accepted;
        int same = Solve(options with { Norm = e => Tensor.Sqrt(Tensor.Sum(e[0] * e[0]) / 2.0) }).Statistics.Accepted;
        int strict = Solve(
            options with
            {
                Norm = e => 1000.0 * Tensor.Sqrt(Tensor.Sum(e[0] * e[0])),
            }
        ).Statistics.Accepted;
        Assert.Equal(usual, same);
        Assert.True(strict > 2 * usual, $"{strict} steps, {usual} by the usual norm");
    }

    [Fact]
    public void The_largest_step_is_kept()
    {
        OdeStatistics statistics = Solve(Problems.At(Tableau.Dopri5, 1e-3) with { MaxStep = 0.01 }).Statistics;
        Assert.InRange(statistics.Accepted, 1000, 1010);
    }

    [Fact]
    public void The_first_step_is_the_users()
    {
        OdeSolution<Tensor> solution = Implicit.Ode.Solve(
            (t, y) => Tensor.OnesLike(y),
            Tensor.Of(0.0, 1.0),
            Tensor.Scalar(0.0),
            new OdeOptions { FirstStep = 0.001 }
        );
        // Without an error each step is ten times the last: 0.001, 0.01, 0.1, and the rest.
        Assert.Equal(4, solution.Statistics.Accepted);
    }

    [Fact]
    public void The_smallest_step_ends_the_solve()
    {
        OdeSolution<Tensor> solution = Solve(Problems.At(Tableau.Dopri5, 1e-10) with { MinStep = 0.1 });
        Assert.Equal(OdeStatus.StepTooSmall, solution.Status);
    }

    private static OdeSolution<Tensor> Solve(OdeOptions options, Tensor? times = null) =>
        Implicit.Ode.Solve(
            (t, y) => Problems.LotkaVolterra(Problems.Rates, y),
            times ?? Span,
            Tensor.Of(1.0, 1.0),
            options
        );
}
