using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Items of a batch end by themselves and are to the bit what they are alone.</summary>
public sealed class BatchTests
{
    private const int N = 17;

    public static TheoryData<string> Methods => [.. EquationCases.Methods.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void An_item_is_what_it_is_alone(string method)
    {
        var options = new EquationOptions { Method = EquationCases.Methods[method] };
        foreach (int count in new[] { 1, 2, 7, 20 })
        {
            var bias = Tensor.Of(Draw(count * N, 3), [count, N]);
            Solution<Tensor> batch = FixedPoint.SolveEach(Cell, bias, Tensor.Zeros([count, N]), options);
            Tensor mapped = Vectorisation.Vmap(
                (Tensor b) => FixedPoint.Find(z => Cell(b, z), Tensor.Zeros([N]), options),
                bias
            );
            for (int i = 0; i < count; i++)
            {
                Tensor own = bias[i];
                Solution<Tensor> alone = FixedPoint.Solve(z => Cell(own, z), Tensor.Zeros([N]), options);
                Assert.True(alone.IsSuccess, alone.Message);
                Assert.Equal(alone.Value.ToArray(), batch.Value[i].ToArray());
                Assert.Equal(alone.Value.ToArray(), mapped[i].ToArray());
                Assert.Equal(alone.Trace, batch.Reports[i].Trace);
            }
        }
    }

    /// <summary>
    /// F turns z by an angle: by a right one the first change is orthogonal to its step, and tells Broyden nothing, so such an item begins again
    /// where its neighbours go on.
    /// </summary>
    [Fact]
    public void An_item_with_other_updates_in_force_than_its_neighbours_is_what_it_is_alone()
    {
        var options = new EquationOptions { Method = new Broyden(), MaxSteps = 9 };
        Tensor turns = Tensor.Of([-1.0, 0.0, 0.0, 1.0, -0.8, 0.6, 0.0, -1.0, -0.6, -0.8], [5, 2]);
        Solution<Tensor> batch = FixedPoint.SolveEach(F, turns, Tensor.Zeros([5, 2]), options);
        for (int i = 0; i < 5; i++)
        {
            Tensor own = turns[i];
            Solution<Tensor> alone = FixedPoint.Solve(z => F(own, z), Tensor.Zeros([2]), options);
            Assert.Equal(alone.Value.ToArray(), batch.Value[i].ToArray());
            Assert.Equal(alone.Trace, batch.Reports[i].Trace);
        }
        Assert.Contains(batch.Reports, report => report.IsSuccess);

        static Tensor F(Tensor turn, Tensor z)
        {
            Tensor off = z - Tensor.Of([0.5, 2.0]);
            (Tensor x, Tensor y) = (Tensor.Index(off, 0, 0), Tensor.Index(off, 0, 1));
            (Tensor cosine, Tensor sine) = (Tensor.Index(turn, 0, 0), Tensor.Index(turn, 0, 1));
            return z + Tensor.Stack([(cosine * x) - (sine * y), (sine * x) + (cosine * y)]);
        }
    }

    /// <summary>
    /// Accelerated methods take items in groups, of which each has another history: item i has i + 1 rates, so that its changes depend on each other from
    /// the (i + 2)th on.
    /// </summary>
    [Theory]
    [InlineData(2, DType.Float32)]
    [InlineData(5, DType.Float32)]
    [InlineData(8, DType.Float32)]
    [InlineData(8, DType.Float64)]
    public void An_item_with_a_history_of_its_own_is_what_it_is_alone(int memory, DType dtype)
    {
        (int n, int count) = (40, 20);
        double[] rates = [.. Enumerable.Range(0, count * n).Select(i => 0.9 * Math.Cos(1 + (i % n % ((i / n) + 1))))];
        Tensor all = Tensor.Cast(Tensor.Of(rates, [count, n]), dtype);
        foreach (
            EquationMethod method in new EquationMethod[]
            {
                new Anderson(memory, Period: 1),
                new Anderson(memory),
                new Anderson(memory, Period: 3),
                new Broyden(),
            }
        )
        {
            var options = new EquationOptions { Method = method, RelativeTolerance = 1e-5 };
            Solution<Tensor> batch = FixedPoint.SolveEach(F, all, Tensor.Zeros([count, n], dtype), options);
            Assert.True(batch.IsSuccess, batch.Message);
            Assert.True(batch.Reports.Select(report => report.Steps).Distinct().Count() > 3);
            for (int i = 0; i < count; i++)
            {
                Tensor own = all[i];
                Solution<Tensor> alone = FixedPoint.Solve(z => F(own, z), Tensor.Zeros([n], dtype), options);
                Assert.Equal(alone.Value.ToArray(), batch.Value[i].ToArray());
                Assert.Equal(alone.Trace, batch.Reports[i].Trace);
            }
        }

        static Tensor F(Tensor rates, Tensor z) => (rates * z) + 1.0;
    }

    /// <summary>W is so large that the steps of a batch, and the products of its derivative, read a copy that was laid out once; those of one item do not.</summary>
    [Theory]
    [InlineData("picard", DType.Float32)]
    [InlineData("picard", DType.Float64)]
    [InlineData("anderson", DType.Float32)]
    [InlineData("anderson", DType.Float64)]
    public void An_item_of_a_wide_layer_is_what_it_is_alone(string method, DType dtype)
    {
        (int n, int count) = (dtype == DType.Float32 ? 384 : 288, 40);
        Tensor w = Tensor.Cast(Tensor.Of(Draw(n * n, 5), [n, n]) * (0.5 / Math.Sqrt(n)), dtype);
        Tensor bias = Tensor.Cast(Tensor.Of(Draw(count * n, 3), [count, n]), dtype);
        var options = new EquationOptions { Method = EquationCases.Methods[method], RelativeTolerance = 1e-5 };
        Tensor Layer(Tensor b) =>
            FixedPoint.Find(z => Tensor.Tanh(Tensor.MatMul(z, w.T) + b), Tensor.Zeros([n], dtype), options);
        (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(
            b => Tensor.Sum(Vectorisation.Vmap(Layer, b)),
            bias
        );
        double[] all = gradient.ToArray();
        Assert.True(double.IsFinite(value.ToDouble()));
        for (int i = 0; i < count; i += 13)
        {
            Tensor alone = Differentiation.Grad(b => Tensor.Sum(Layer(b)), bias[i]);
            Assert.Equal(alone.ToArray(), all[(i * n)..((i + 1) * n)]);
        }
    }

    /// <summary>
    /// Residuals that first fall and then grow: (½ᵏ, 1.5ᵏ·b) after k steps, with b of each item's own. What ends an item, a limit or growth, leaves
    /// the iterate with the least.
    /// </summary>
    [Theory]
    [InlineData(30)]
    [InlineData(500)]
    public void Every_item_keeps_its_best_iterate(int steps)
    {
        var options = new EquationOptions { Method = new Picard(), MaxSteps = steps };
        double[] sizes = [1e-1, 1e-5, 1e-3, 1e-6, 1e-2, 1e-4, 1e-5];
        Tensor rates = Tensor.Of([0.5, 1.5]);
        Solution<Tensor> solution = FixedPoint.SolveEach(
            (b, z) => (rates * z) + Tensor.Stack([Tensor.Ones([]), b]),
            Tensor.Of(sizes),
            Tensor.Zeros([sizes.Length, 2]),
            options
        );
        for (int i = 0; i < sizes.Length; i++)
        {
            (double[] z, SolveReport report) = (solution.Value[i].ToArray(), solution.Reports[i]);
            Assert.InRange(report.BestStep, 2, 15);
            Assert.Equal(report.Trace.Min(), report.Residual);
            Assert.Equal(report.Trace[report.BestStep], report.Residual);
            Close.Elementwise(
                [report.Residual],
                [Math.Sqrt(Square(1 - (0.5 * z[0])) + Square(sizes[i] + (0.5 * z[1])))],
                1e-12
            );
        }

        static double Square(double x) => x * x;
    }

    /// <summary>One item becomes NaN, one diverges, one meets a singular matrix; the others do not notice.</summary>
    [Theory]
    [InlineData("picard")]
    [InlineData("anderson")]
    [InlineData("broyden")]
    [InlineData("newton")]
    public void A_failed_item_changes_no_other(string method)
    {
        var options = new EquationOptions { Method = EquationCases.Methods[method] };
        double[] scales = [0.5, -0.3, 0.7, 0.2, -0.6, 0.4];
        Solution<Tensor> sound = Solve(scales);
        foreach (double broken in new[] { double.NaN, double.PositiveInfinity })
        {
            double[] spoilt = [.. scales];
            spoilt[2] = broken;
            Solution<Tensor> mixed = Solve(spoilt);
            Assert.Equal(SolveStatus.NonFinite, mixed.Reports[2].Status);
            Assert.Equal(SolveStatus.NonFinite, mixed.Status);
            foreach (int i in new[] { 0, 1, 3, 4, 5 })
            {
                Assert.True(mixed.Reports[i].IsSuccess, mixed.Reports[i].Message);
                Assert.Equal(sound.Value[i].ToArray(), mixed.Value[i].ToArray());
            }
        }

        Solution<Tensor> Solve(double[] values) =>
            FixedPoint.SolveEach(
                (s, z) => Tensor.Cos(s * z) + 0.1,
                Tensor.Of(values),
                Tensor.Zeros([values.Length, 2]),
                options
            );
    }

    [Fact]
    public void A_step_that_cannot_be_computed_fails_its_item_alone()
    {
        // F(z) = c·z − 1 has a singular Jacobian where c = 0.
        Solution<Tensor> solution = Root.SolveEach(
            (c, z) => (c * z) - 1.0,
            Tensor.Of([2.0, 0.0, 4.0]),
            Tensor.Zeros([3, 1])
        );
        Assert.Equal(SolveStatus.StepFailed, solution.Reports[1].Status);
        Assert.Equal(0.5, solution.Value[0].ToDouble(), 1e-12);
        Assert.Equal(0.25, solution.Value[2].ToDouble(), 1e-12);
    }

    [Fact]
    public void Under_vmap_the_items_that_failed_are_named()
    {
        var error = Assert.Throws<SolveException>(() =>
            Vectorisation
                .Vmap(
                    (Tensor s) => FixedPoint.Find(z => Tensor.Cos(s * z), Tensor.Scalar(0.0)),
                    Tensor.Of([0.5, double.NaN, 0.3, double.NaN])
                )
                .ToArray()
        );
        Assert.StartsWith("[fixedPoint] NonFinite", error.Message, StringComparison.Ordinal);
        Assert.Contains("This was item 1 of 4. Items 3 failed too.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exact")]
    [InlineData("neumann")]
    [InlineData("phantom")]
    [InlineData("unrolled")]
    public void Derivatives_of_a_batch_are_those_of_its_items(string derivative)
    {
        var options = new EquationOptions { MaxSteps = 60, Derivative = EquationCases.Derivatives[derivative] };
        Tensor weights = EquationCases.Matrix(EquationCases.Weights);
        var bias = Tensor.Of(Draw(12, 5), [4, 3]);
        Tensor Loss(Tensor w, Tensor b) => Tensor.Sum(Tensor.Exp(EquationCases.Equilibrium(w, b, options)));
        Tensor Whole(Tensor[] p) => Tensor.Sum(Vectorisation.Vmap((Tensor b) => Loss(p[0], b), p[1]));
        Tensor Loop(Tensor[] p) => Enumerable.Range(0, 4).Select(i => Loss(p[0], p[1][i])).Aggregate((a, b) => a + b);
        Tensor[] at = [weights, bias];
        Tensor[] direction = [Tensor.Of(Draw(9, 1), [3, 3]), Tensor.Of(Draw(12, 2), [4, 3])];
        Same(Differentiation.Grad(Loop, at), Differentiation.Grad(Whole, at));
        Same([Differentiation.Jvp(Loop, at, direction).Tangent], [Differentiation.Jvp(Whole, at, direction).Tangent]);
        Same(Jacobians.Hvp(Loop, at, direction), Jacobians.Hvp(Whole, at, direction));

        static void Same(Tensor[] expected, Tensor[] actual)
        {
            for (int i = 0; i < expected.Length; i++)
                Close.Normwise(expected[i].ToArray(), actual[i].ToArray(), 1e-9);
        }
    }

    private static Tensor Cell(Tensor bias, Tensor z) =>
        Tensor.Tanh(Tensor.MatMul(z, Tensor.Of(Draw(N * N, 1), [N, N]) * 0.3)) + bias;

    private static double[] Draw(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin((i * i * 0.37) + i + seed))];
}
