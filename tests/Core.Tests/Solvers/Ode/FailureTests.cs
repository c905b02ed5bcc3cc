using System.Text.RegularExpressions;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>
/// What goes wrong is told: the status, the time, the component, the last accepted state and what to try. Solve never throws for it; Integrate
/// raises the same text.
/// </summary>
public sealed partial class FailureTests
{
    private static readonly Tensor Span = Tensor.Of(0.0, 0.5, 2.0);

    /// <summary>A problem that fails.</summary>
    private sealed record Failing(
        Func<Tensor, Tensor, Tensor> Field,
        Tensor Y0,
        OdeOptions Options,
        OdeStatus Status,
        int Reached,
        string[] Told
    );

    private static readonly Dictionary<string, Failing> Cases = new()
    {
        ["NaN at the start"] = new(
            (t, y) => Tensor.Sqrt(y - 5.0),
            Tensor.Of(9.0, 1.0),
            new OdeOptions(),
            OdeStatus.NonFinite,
            1,
            ["NonFinite", "t = 0", "component [1]", "Last accepted state: [9, 1]", "Check"]
        ),
        ["NaN in the initial state"] = new(
            (t, y) => -y,
            Tensor.Of(1.0, double.NaN),
            new OdeOptions(),
            OdeStatus.NonFinite,
            1,
            ["NonFinite", "initial state", "component [1]"]
        ),
        ["NaN midway"] = new(
            (t, y) => Tensor.Sqrt(1.0 - t) * y,
            Tensor.Of(1.0, 2.0),
            new OdeOptions(),
            OdeStatus.NonFinite,
            2,
            ["NonFinite", "t = 1", "component [0]", "Last accepted state: [1.9", "domain"]
        ),
        ["NaN midway, fixed steps"] = new(
            (t, y) => Tensor.Sqrt(1.2 - t) * y,
            Tensor.Of(1.0, 2.0),
            new OdeOptions { Method = Tableau.Rk4, Steps = new StepControl.Fixed(0.25) },
            OdeStatus.NonFinite,
            2,
            ["NonFinite", "t = 1", "component [0]", "Last accepted state: [2", "domain"]
        ),
        ["blow-up"] = new(
            (t, y) => y * y,
            Tensor.Scalar(1.0),
            new OdeOptions(),
            OdeStatus.StepTooSmall,
            2,
            ["t = 1", "the state", "Last accepted state", "blow up"]
        ),
        ["step budget"] = new(
            (t, y) => Tensor.Stack([y[1], -100.0 * y[0]]),
            Tensor.Of(1.0, 0.0),
            new OdeOptions { MaxSteps = 10 },
            OdeStatus.MaxStepsReached,
            1,
            ["MaxStepsReached", "10 steps", "of 2", "Last accepted state", "raise MaxSteps"]
        ),
        ["step budget, fixed steps"] = new(
            (t, y) => -y,
            Tensor.Scalar(1.0),
            new OdeOptions { Steps = new StepControl.Fixed(0.1), MaxSteps = 12 },
            OdeStatus.MaxStepsReached,
            2,
            ["MaxStepsReached", "12 steps", "t = 1.2 of 2", "Last accepted state", "MaxSteps"]
        ),
        ["norm that is no number"] = new(
            (t, y) => -y,
            Tensor.Scalar(1.0),
            new OdeOptions { Norm = e => double.NaN * Tensor.Sum(e[0]) },
            OdeStatus.NonFinite,
            1,
            ["NonFinite"]
        ),
        ["NaN in what the norm leaves out"] = new(
            (t, y) => Tensor.Stack([-y[0], Tensor.Sqrt(0.7 - t) * y[1]]),
            Tensor.Of(1.0, 1.0),
            new OdeOptions { Norm = e => Tensor.Abs(e[0][0]) },
            OdeStatus.NonFinite,
            2,
            ["NonFinite", "t = 0.7", "component [1]", "Last accepted state"]
        ),
        ["overflow where field and error are finite"] = new(
            (t, y) => Tensor.Full([2], 1.2e308),
            Tensor.Of(0.0, 1e308),
            new OdeOptions(),
            OdeStatus.NonFinite,
            2,
            ["NonFinite", "t = 0.66", "component [1]", "Last accepted state: [7"]
        ),
        ["overflow where the field is finite"] = new(
            (t, y) => Tensor.Full([2], 1.2e308),
            Tensor.Of(0.0, 0.0),
            new OdeOptions { Norm = e => Tensor.MaxNorm(e[0]) },
            OdeStatus.NonFinite,
            2,
            ["NonFinite", "t = 1.49", "component [0]", "Last accepted state: [1.7976"]
        ),
        ["a solve within the field"] = new(
            (t, y) => y * Implicit.Root.Find(z => (z * z) - (1.5 - t), Tensor.Scalar(1.0)),
            Tensor.Of(1.0, 2.0),
            new OdeOptions(),
            OdeStatus.StepFailed,
            2,
            ["StepFailed", "t = 1.5", "[root] ", "Last accepted state: [3.4", "no answer there"]
        ),
        ["a solve within the field, at the start"] = new(
            (t, y) => y + Implicit.Root.Find(z => (z * z) + 1.0 + t, Tensor.Scalar(1.0)),
            Tensor.Of(1.0, 2.0),
            new OdeOptions(),
            OdeStatus.StepFailed,
            1,
            ["StepFailed", "t = 0", "[root] ", "Last accepted state: [1, 2]"]
        ),
        ["a factorisation within the field, fixed steps"] = new(
            (t, y) => Tensor.Cholesky((1.2 - t) * Tensor.Eye(2))[0, 0] * y,
            Tensor.Of(1.0, 2.0),
            new OdeOptions { Method = Tableau.Rk4, Steps = new StepControl.Fixed(0.25) },
            OdeStatus.StepFailed,
            2,
            ["StepFailed", "t = 1", "[cholesky] ", "Last accepted state: [2"]
        ),
        ["smallest step"] = new(
            (t, y) => Tensor.Stack([-y[0], Tensor.Sign(0.731 - t)]),
            Tensor.Of(1.0, 0.0),
            new OdeOptions { MinStep = 1e-3 },
            OdeStatus.StepTooSmall,
            2,
            ["StepTooSmall", "t = 0.7", "component [1]", "times the tolerance", "Last accepted state", "MinStep"]
        ),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Solve_reports_and_keeps_what_it_reached(string name)
    {
        Failing one = Cases[name];
        OdeSolution<Tensor> solution = Implicit.Ode.Solve(one.Field, Span, one.Y0, one.Options);
        Assert.Equal(one.Status, solution.Status);
        Assert.False(solution.IsSuccess);
        foreach (string part in one.Told)
            Assert.Contains(part, solution.Message);
        Assert.Equal(one.Reached, solution.Times.Length);
        Assert.Equal(one.Reached, solution.Values.Shape[0]);
        if (name != "NaN in the initial state")
            Assert.All(solution.Values.ToArray(), y => Assert.True(double.IsFinite(y)));
        Assert.True(one.Reached == 1 || double.IsFinite(solution.At(0.5).ToArray()[0]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Integrate_raises_the_same_text(string name)
    {
        Failing one = Cases[name];
        string told = Implicit.Ode.Solve(one.Field, Span, one.Y0, one.Options).Message;
        SolveException error = Assert.Throws<SolveException>(() =>
            Implicit.Ode.Integrate(one.Field, Span, one.Y0, one.Options)
        );
        Assert.Equal($"[odeint] {told}", error.Message);
    }

    /// <summary>Where a step is too long for a solve within the field, a shorter one is tried.</summary>
    [Fact]
    public void A_step_that_cannot_be_computed_is_rejected()
    {
        // z² = y has no real solution once a trial step has gone below 0, which y never does.
        Func<Tensor, Tensor, Tensor> field = (t, y) =>
        {
            Tensor root = Implicit.Root.Find(z => (z * z) - y, y);
            return -20.0 * root * root;
        };
        var options = new OdeOptions { FirstStep = 0.5, AbsoluteTolerance = 1e-5 };
        OdeSolution<Tensor> solution = Implicit.Ode.Solve(field, Tensor.Of(0.0, 0.25), Tensor.Of(1.0), options);
        Assert.True(solution.IsSuccess, solution.Message);
        Assert.True(solution.Statistics.Rejected > 0);
        Close.Elementwise([Math.Exp(-5.0)], solution.Values[1].ToArray(), 1e-3);
    }

    /// <summary>The short form raises what the solve within it raised.</summary>
    [Fact]
    public void The_failure_within_is_the_cause()
    {
        SolveException error = Assert.Throws<SolveException>(() =>
            Implicit.Ode.Integrate((t, y) => Tensor.Inverse(t * Tensor.Eye(2))[0] * y, Span, Tensor.Of(1.0, 2.0))
        );
        Assert.StartsWith("[odeint] StepFailed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("singular", error.InnerException!.Message, StringComparison.Ordinal);
    }

    private static string WithoutNumbers(string message) => Numbers().Replace(message, "#");

    [GeneratedRegex(@"-?\d[\d.e+-]*")]
    private static partial Regex Numbers();

    /// <summary>Inside a transform there are no numbers yet, so the failure shows where they are read.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_failure_inside_a_traced_loss_raises_at_the_read(string name)
    {
        Failing one = Cases[name];
        // Steps that are chosen may be others in a solve that is differentiated; numbers are told by those that are not.
        Func<string, string> text = one.Options.Steps is StepControl.Fixed ? message => message : WithoutNumbers;
        string told = text(Implicit.Ode.Solve(one.Field, Span, one.Y0, one.Options).Message);
        Func<Tensor, Tensor> loss = y0 => Tensor.Sum(Implicit.Ode.Integrate(one.Field, Span, y0, one.Options));
        SolveException error = Assert.Throws<SolveException>(() => Differentiation.Grad(loss, one.Y0).ToArray());
        Assert.Equal($"[odeint] {told}", text(error.Message));
        error = Assert.Throws<SolveException>(() => Differentiation.ValueAndGrad(loss, one.Y0).Value.ToArray());
        Assert.Equal($"[odeint] {told}", text(error.Message));
        error = Assert.Throws<SolveException>(() =>
            Differentiation.Jvp(loss, one.Y0, Tensor.OnesLike(one.Y0)).Tangent.ToArray()
        );
        Assert.Equal($"[odeint] {told}", text(error.Message));
    }

    [Fact]
    public void An_adjoint_that_cannot_be_solved_is_an_error()
    {
        // Backwards in time the adjoint of a decay this fast grows out of range; the budget is what ends it.
        var options = new OdeOptions
        {
            MaxSteps = 300,
            Adjoint = new Adjoint.Backsolve(RelativeTolerance: 1e-14, AbsoluteTolerance: 1e-14),
        };
        Func<Tensor, Tensor> loss = k =>
            Implicit.Ode.Integrate((t, y) => -k * y, Tensor.Of(0.0, 10.0), Tensor.Scalar(1.0), options)[1];
        var error = Assert.Throws<SolveException>(() => Differentiation.Grad(loss, Tensor.Scalar(1.0)).ToArray());
        Assert.StartsWith("[odeint] adjoint equation: MaxStepsReached: 300 steps", error.Message);
    }

    [Fact]
    public void Solve_inside_a_transform_says_to_use_odeint()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            Differentiation.Grad(y0 => Implicit.Ode.Solve((t, y) => -y, Span, y0).Values[2], Tensor.Scalar(1.0))
        );
        Assert.Contains("odeint", error.Message);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void A_norm_that_is_no_number_is_named(double start)
    {
        var options = new OdeOptions { Norm = e => Tensor.Sum(e[0]) * double.NaN };
        var solution = Implicit.Ode.Solve((t, y) => -y, Tensor.Of(start, start + 1.0), Tensor.Of(1.0, 2.0), options);
        Assert.Equal(OdeStatus.NonFinite, solution.Status);
        Assert.Contains("or the norm is not", solution.Message);
    }
}
