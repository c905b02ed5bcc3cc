using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Solvers;
using Implicit.Solvers.Ode;
using Implicit.Tests.Engine;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>Solves whose first steps are kept whole while the steps behind them do not fit and are taken again.</summary>
public sealed class KeptStepTests
{
    private const int Length = 150;

    private static readonly double[] Times = [0.0, 0.31, 0.5, 0.82, 1.0];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string method in (string[])["euler", "rk4", "bosh3", "dopri5", "dopri8"])
            {
                data.Add(method, 2);
                data.Add(method, 100);
            }
            return data;
        }
    }

    private static Tensor Y0 => Tensor.Sin(Tensor.Linspace(0.0, 9.0, Length));

    private static Tensor Rate => Tensor.Of(0.8, -0.4);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reverse_mode_is_forward_mode(string method, int segments)
    {
        OdeOptions options = Options(method, segments);
        Tensor[] along = [Tensor.Cos(Tensor.Linspace(1.0, 5.0, Length)), Tensor.Of(0.3, 0.9)];
        Tensor[] gradient = Differentiation.Grad<Tensor[], Tensor>(x => Loss(x, options), [Y0, Rate]);
        Tensor tangent = Differentiation.Jvp<Tensor[], Tensor>(x => Loss(x, options), [Y0, Rate], along).Tangent;
        Close.Normwise([(double)tangent], [(double)Probe.Inner(gradient, along)], 1e-12);
    }

    [Theory]
    [InlineData("rk4")]
    [InlineData("dopri5")]
    public void Second_derivatives_are_the_same_by_both_modes(string method)
    {
        OdeOptions options = Options(method, segments: 3);
        Func<Tensor[], Tensor[]> gradient = x => Differentiation.Grad<Tensor[], Tensor>(one => Loss(one, options), x);
        Tensor[] v = [Tensor.Cos(Tensor.Linspace(1.0, 5.0, Length)), Tensor.Of(0.3, 0.9)];
        Tensor[] forward = Differentiation.Jvp(gradient, [Y0, Rate], v).Tangent;
        Tensor[] reverse = Differentiation.Grad<Tensor[], Tensor>(x => Probe.Inner(gradient(x), v), [Y0, Rate]);
        Close.Normwise(forward[0].ToArray(), reverse[0].ToArray(), 1e-10);
        Close.Normwise(forward[1].ToArray(), reverse[1].ToArray(), 1e-10);
    }

    /// <summary>The budget is met somewhere on the way, or the tests above would prove nothing.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Some_steps_are_kept_whole_and_some_are_not(string method, int segments)
    {
        OdeSetup setup = OdeSetup.Of((t, y) => Field(Rate, t, y), Tensor.Of(Times), Y0, Options(method, segments));
        OdeTrail trail = Trail(setup);
        Assert.InRange(trail.Tapes.Count, 1, StepsOf(method) - 1);
    }

    /// <summary>What was kept is only faster: a walk that comes too late for it takes the steps again.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Walks_are_the_same_with_and_without_what_was_kept(string method, int segments)
    {
        OdeSetup setup = OdeSetup.Of((t, y) => Field(Rate, t, y), Tensor.Of(Times), Y0, Options(method, segments));
        OdeRecord record = Record(setup);
        double[][] kept = Walk(setup, record);
        record.Dispose();
        Assert.Null(record.Trail);
        Assert.Equal(kept, Walk(setup, record));
    }

    /// <summary>A pullback may be called again: its record stays, and reading one cotangent computes all.</summary>
    [Fact]
    public void A_pullback_evaluates_nothing_again()
    {
        var counter = new Counter();
        var cotangents = new Counter();
        var options = new OdeOptions { Method = Tableau.Dopri5, Steps = new StepControl.Fixed(0.25) };
        (Tensor value, Func<Tensor, Tensor[]> pullback) = Differentiation.Vjp<Tensor[], Tensor>(
            x =>
                Tensor.Sum(
                    Implicit.Ode.Integrate(
                        (t, y) => CountedOp.Of(Field(x[1], t, y), counter, cotangents: cotangents),
                        Tensor.Of(0.0, 1.0),
                        x[0],
                        options
                    )
                ),
            [Y0, Rate]
        );
        Assert.True(double.IsFinite((double)value));
        int evaluations = counter.Count;
        Assert.InRange(evaluations, 24, 30);
        double[][] first = [.. pullback(Tensor.Scalar(1.0)).Select(leaf => leaf.ToArray())];
        int walk = cotangents.Count;
        Assert.InRange(walk, 24, 30);
        double[][] second = [.. pullback(Tensor.Scalar(1.0)).Select(leaf => leaf.ToArray())];
        Assert.Equal(first, second);
        Assert.Equal(2 * walk, cotangents.Count);
        Assert.Equal(evaluations, counter.Count);
    }

    /// <summary>A solve leaves its memory to the next one, but not while its pullback can be called, nor to one beside it.</summary>
    [Theory]
    [InlineData("dopri5", 100)]
    [InlineData("rk4", 3)]
    public void Solves_of_one_problem_do_not_meet_in_memory(string method, int segments)
    {
        OdeOptions options = Options(method, segments);
        (_, Func<Tensor, Tensor[]> pullback) = Differentiation.Vjp<Tensor[], Tensor>(x => Loss(x, options), [Y0, Rate]);
        double[][] first = [.. pullback(Tensor.Scalar(1.0)).Select(leaf => leaf.ToArray())];
        double[][][] alone = [.. Enumerable.Range(0, 12).Select(GradientAt)];
        double[][][] beside = new double[alone.Length][][];
        Parallel.For(0, alone.Length, i => beside[i] = GradientAt(i));
        Assert.Equal(alone, beside);
        Assert.Equal(first, pullback(Tensor.Scalar(1.0)).Select(leaf => leaf.ToArray()));

        double[][] GradientAt(int i) =>
            [
                .. Differentiation
                    .Grad<Tensor[], Tensor>(x => Loss(x, options), [(1.0 + (0.05 * i)) * Y0, Rate])
                    .Select(leaf => leaf.ToArray()),
            ];
    }

    /// <summary>A step that is tried and rejected between two that are kept leaves nothing behind.</summary>
    [Fact]
    public void Rejected_steps_are_not_kept()
    {
        OdeOptions options = Problems.At(Tableau.Dopri5, 1e-8) with { FirstStep = 0.9, Steps = StepControl.PI };
        Tensor end = Tensor.Of(0.0, 0.4, 1.0);
        Func<Tensor[], Tensor> loss = x =>
            Tensor.Sum(Implicit.Ode.Integrate((t, y) => Field(x[1], 9.0 * t, y), end, x[0], options));
        OdeSetup setup = OdeSetup.Of((t, y) => Field(Rate, 9.0 * t, y), end, Y0, options);
        OdeStatistics statistics = Implicit.Ode.Solve((t, y) => Field(Rate, 9.0 * t, y), end, Y0, options).Statistics;
        Assert.InRange(statistics.Rejected, 1, statistics.Accepted);
        Assert.InRange(Trail(setup).Tapes.Count, 2, statistics.Accepted);
        Tensor[] along = [Tensor.Cos(Tensor.Linspace(1.0, 5.0, Length)), Tensor.Of(0.3, 0.9)];
        Tensor[] gradient = Differentiation.Grad<Tensor[], Tensor>(loss, [Y0, Rate]);
        Tensor tangent = Differentiation.Jvp<Tensor[], Tensor>(loss, [Y0, Rate], along).Tangent;
        Close.Normwise([(double)tangent], [(double)Probe.Inner(gradient, along)], 1e-12);
    }

    /// <summary>The field is infinite where the solve ends, and nothing depends on it there.</summary>
    [Theory]
    [InlineData(false, 1.0)]
    [InlineData(true, 1.4872)]
    public void The_field_need_not_be_finite_at_the_end(bool isCurved, double expected)
    {
        OdeOptions options = new() { Method = Tableau.Euler, Steps = new StepControl.Fixed(0.25) };
        Tensor gradient = Differentiation.Grad(
            (Tensor y0) =>
                Tensor.Sum(
                    Implicit.Ode.Integrate(
                        (t, y) => (isCurved ? -0.5 * Tensor.Tanh(y) : -y) / (1.0 - t),
                        Tensor.Of(0.0, 1.0),
                        y0,
                        options
                    )
                ),
            Tensor.Scalar(1.0)
        );
        Assert.Equal(expected, (double)gradient, 4);
    }

    /// <summary>Where all is kept nothing is computed again, and the derivative is that of the steps that were taken, to the bit.</summary>
    [Theory]
    [InlineData("rk4")]
    [InlineData("dopri5")]
    public void Direct_keeps_all_steps_whole(string method)
    {
        OdeOptions direct = Options(method, segments: 2) with { Adjoint = new Adjoint.Direct() };
        OdeSetup setup = OdeSetup.Of((t, y) => Field(Rate, t, y), Tensor.Of(Times), Y0, direct);
        OdeRecord record = Record(setup);
        Assert.Equal(record.Count, record.Trail!.Tapes.Count);
        OdeSetup few = OdeSetup.Of((t, y) => Field(Rate, t, y), Tensor.Of(Times), Y0, Options(method, segments: 2));
        Assert.Equal(Walk(few, Record(few)), Walk(setup, record));
    }

    /// <summary>Who may keep many large states may keep as much of whole steps, and no more.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    public void Whole_steps_take_as_much_as_the_kept_states_may(int segments)
    {
        Tensor y0 = Tensor.Sin(Tensor.Linspace(0.0, 9.0, 100 * Length));
        OdeSetup setup = OdeSetup.Of((t, y) => Field(Rate, t, y), Tensor.Of(Times), y0, Options("rk4", segments));
        long states = segments * setup.Problem.State.Sum(type => type.Bytes);
        long step = setup.Problem.Kernels.Residuals.Bytes;
        Assert.InRange(Trail(setup).Tapes.Count * step, Math.Max(OdeTrail.LeastBytes, states - step), states);
    }

    /// <summary>Where all is cheap arithmetic, to take a step again costs no more than to read what it computed.</summary>
    [Fact]
    public void Steps_of_little_work_are_not_kept_whole()
    {
        OdeSetup cheap = OdeSetup.Of((t, y) => -y * y, Tensor.Of(0.0, 1.0), Y0, Options("rk4", 4));
        OdeSetup small = OdeSetup.Of((t, y) => -Tensor.Tanh(y), Tensor.Of(0.0, 1.0), Y0[..3], Options("rk4", 4));
        Assert.Empty(Trail(cheap).Tapes);
        Assert.Empty(Trail(small).Tapes);
    }

    [Fact]
    public void Direct_keeps_every_state_however_many_steps_are_allowed()
    {
        OdeOptions direct = Options("rk4", 2) with { Adjoint = new Adjoint.Direct(), MaxSteps = int.MaxValue };
        OdeRecord record = Record(OdeSetup.Of((t, y) => -y * y, Tensor.Of(Times), Y0, direct));
        Assert.Empty(record.Trail!.Tapes);
        Assert.Equal(1, record.Trail.Checkpoints.LongestPiece(record.Count));
    }

    private static OdeTrail Trail(OdeSetup setup) => Record(setup).Trail!;

    private static OdeRecord Record(OdeSetup setup)
    {
        Tensor[] results = Tensor.ApplyMany(
            new OdeintOp(setup.Problem, OnFail.Throw, setup.Moving),
            [.. setup.Y0, .. setup.Captures, setup.Times]
        );
        var buffer = (ObjectBuffer)Reading.Force(results[^1]);
        return (OdeRecord)buffer.Value;
    }

    /// <summary>The cotangents for ones as those of all outputs.</summary>
    private static double[][] Walk(OdeSetup setup, OdeRecord record)
    {
        Buffer[] y0 = Array.ConvertAll(setup.Y0, Reading.Force);
        Buffer[] captures = Array.ConvertAll(setup.Captures, Reading.Force);
        Buffer[] rows = [Reading.Force(Tensor.Ones([Times.Length, Length]))];
        bool[] needed = Array.ConvertAll(captures, capture => capture.DType == DType.Float64);
        var walk = new BackwardWalk(setup.Problem, [.. needed], record, y0, captures, rows);
        TensorType[] types = [.. setup.Problem.State, .. Flags.Chosen<TensorType>(needed, setup.Problem.Captures)];
        Buffer[] results = Elements.Zeros(types);
        walk.Run(results);
        return Array.ConvertAll(results, Elements.ToDoubles);
    }

    private static Tensor Loss(Tensor[] x, OdeOptions options)
    {
        Tensor y = Implicit.Ode.Integrate((t, y) => Field(x[1], t, y), Tensor.Of(Times), x[0], options);
        return Tensor.Mean(Tensor.Sin(Tensor.Reshape(Tensor.Arange(0.0, y.Length), y.Shape)) * y * y);
    }

    private static Tensor Field(Tensor rate, Tensor t, Tensor y) =>
        (rate[0] * Tensor.Tanh(y) * Tensor.Mean(Tensor.Exp(-y))) + (rate[1] * Tensor.Sin(t) * y);

    private static OdeOptions Options(string method, int segments) =>
        new()
        {
            Method = Methods.All[method].Tableau,
            Steps = new StepControl.Fixed(1.0 / StepsOf(method)),
            Adjoint = new Adjoint.Checkpointed(segments),
        };

    /// <summary>As many as take more memory than there is; the outputs fall inside some of them.</summary>
    private static int StepsOf(string method) => method is "euler" or "rk4" or "bosh3" ? 40 : 20;
}
