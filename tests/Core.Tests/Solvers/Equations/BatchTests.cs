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
