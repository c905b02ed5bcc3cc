using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>Descents of a batch end by themselves and are to the bit what they are alone.</summary>
public sealed class BatchTests
{
    private static readonly Dictionary<string, MinimiseMethod> Minima = MinimiseTests.Methods;
    private static readonly Dictionary<string, LeastSquaresMethod> Fits = LeastSquaresTests.Methods;

    public static TheoryData<string> Methods => [.. Minima.Keys];

    public static TheoryData<string> FitMethods => [.. Fits.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_minimum_is_what_it_is_alone(string method)
    {
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        foreach (int count in new[] { 1, 2, 7 })
        {
            Tensor data = Tensor.Cast(Tensor.Of(Draw(3 * count), [count, 3]), dtype);
            var starts = Tensor.Zeros([count, 3], dtype);
            var options = new MinimiseOptions { Method = Minima[method] };
            Solution<Tensor> batch = Minimise.SolveEach(Objective, data, starts, options);
            Tensor mapped = Vectorisation.Vmap(
                (Tensor w) => Minimise.Argmin(x => Objective(w, x), Tensor.Zeros([3], dtype), options),
                data
            );
            for (int i = 0; i < count; i++)
            {
                Tensor own = data[i];
                Solution<Tensor> alone = Minimise.Solve(x => Objective(own, x), Tensor.Zeros([3], dtype), options);
                Same(alone, batch, mapped, i);
            }
        }
    }

    [Theory]
    [MemberData(nameof(FitMethods))]
    public void A_fit_is_what_it_is_alone(string method)
    {
        foreach (int count in new[] { 1, 2, 7 })
        {
            var data = Tensor.Of(Draw(4 * count), [count, 4]);
            var options = new LeastSquaresOptions { Method = Fits[method] };
            Solution<Tensor> batch = LeastSquares.SolveEach(Residuals, data, Tensor.Full([count, 2], 0.7), options);
            Tensor mapped = Vectorisation.Vmap(
                (Tensor d) => LeastSquares.Fit(x => Residuals(d, x), Tensor.Full([2], 0.7), options),
                data
            );
            for (int i = 0; i < count; i++)
            {
                Tensor own = data[i];
                Same(LeastSquares.Solve(x => Residuals(own, x), Tensor.Full([2], 0.7), options), batch, mapped, i);
            }
        }
    }

    /// <summary>One item is NaN, one has no minimum, of one a step cannot be computed at all; the others do not notice.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_failed_item_changes_no_other(string method)
    {
        var options = new MinimiseOptions { Method = Minima[method], MaxSteps = 60 };
        double[] shifts = [0.5, -0.3, 0.7, 0.2, -0.6];
        Solution<Tensor> sound = Solve(shifts);
        Assert.True(sound.IsSuccess, sound.Message);
        foreach (double broken in new[] { double.NaN, double.PositiveInfinity, -5.0 })
        {
            double[] spoilt = [.. shifts];
            spoilt[2] = broken;
            Solution<Tensor> mixed = Solve(spoilt);
            Assert.False(mixed.Reports[2].IsSuccess);
            foreach (int i in new[] { 0, 1, 3, 4 })
            {
                Assert.True(mixed.Reports[i].IsSuccess, mixed.Reports[i].Message);
                Assert.Equal(sound.Value[i].ToArray(), mixed.Value[i].ToArray());
                Assert.Equal(sound.Reports[i].Trace, mixed.Reports[i].Trace);
            }
        }

        // The Cholesky factor exists only where 3 + s + x > 0.
        Solution<Tensor> Solve(double[] values) =>
            Minimise.SolveEach(
                (s, x) =>
                    Tensor.Sum(x)
                    - Tensor.Sum(Tensor.Log(Tensor.Diagonal(Tensor.Cholesky((3.0 + s + x) * Tensor.Eye(2))))),
                Tensor.Of(values),
                Tensor.Zeros([values.Length, 2]),
                options
            );
    }

    [Fact]
    public void A_start_that_cannot_be_computed_is_a_status()
    {
        Solution<Tensor> solution = Minimise.SolveEach(
            (s, x) => Tensor.Sum(x * x) + Tensor.Sum(Tensor.Cholesky(s * Tensor.Eye(2))),
            Tensor.Of(1.0, -1.0, 2.0),
            Tensor.Ones([3, 2])
        );
        Assert.Equal(SolveStatus.StepFailed, solution.Reports[1].Status);
        Assert.True(solution.Reports[0].IsSuccess);
        Assert.True(solution.Reports[2].IsSuccess);
        Assert.Equal(0, solution.Reports[1].Steps);
    }

    [Fact]
    public void Under_vmap_the_items_that_failed_are_named()
    {
        var error = Assert.Throws<SolveException>(() =>
            Vectorisation
                .Vmap(
                    (Tensor s) => Minimise.Argmin(x => Tensor.Sumsq(x - s), Tensor.Zeros([2])),
                    Tensor.Of(0.5, double.NaN, 0.3, double.NaN)
                )
                .ToArray()
        );
        Assert.StartsWith("[minimise] NonFinite", error.Message, StringComparison.Ordinal);
        Assert.Contains("This was item 1 of 4. Items 3 failed too.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A batch of fits, differentiated twice, in either mode, is the loop over its items.</summary>
    [Fact]
    public void Derivatives_of_a_batch_are_those_of_its_items()
    {
        var data = Tensor.Of(Draw(12), [3, 4]);
        var direction = Tensor.Of(Draw(12, 2), [3, 4]);
        Tensor One(Tensor d) => Tensor.Sum(Tensor.Exp(LeastSquares.Fit(x => Residuals(d, x), Tensor.Zeros([2]))));
        Tensor Whole(Tensor d) => Tensor.Sum(Vectorisation.Vmap(One, d));
        Tensor Loop(Tensor d) => Enumerable.Range(0, 3).Select(i => One(d[i])).Aggregate((a, b) => a + b);
        SameDerivatives(Loop, Whole, data, direction, first: 1e-10, second: 1e-9);
    }

    /// <summary>Every way to differentiate, of items that converge after different numbers of steps.</summary>
    [Fact]
    public void Every_derivative_of_a_batch_is_that_of_its_items()
    {
        var data = Tensor.Of(Draw(12), [4, 3]);
        var direction = Tensor.Of(Draw(12, 3), [4, 3]);
        foreach (
            ImplicitDerivative how in new ImplicitDerivative[]
            {
                new ImplicitDerivative.Exact(new LinearSolver.Cg()),
                new ImplicitDerivative.Exact(new LinearSolver.Gmres()),
                new ImplicitDerivative.Exact(new LinearSolver.Lsmr()),
                new ImplicitDerivative.OneStep(),
                new ImplicitDerivative.Neumann(40),
                new ImplicitDerivative.Phantom(30, 0.7),
            }
        )
        {
            var options = new MinimiseOptions { Derivative = how };
            Tensor One(Tensor w) =>
                Tensor.Sum(Tensor.Exp(Minimise.Argmin(x => Objective(w, x), Tensor.Zeros([3]), options)));
            Tensor Whole(Tensor d) => Tensor.Sum(Vectorisation.Vmap(One, d));
            Tensor Loop(Tensor d) => Enumerable.Range(0, 4).Select(i => One(d[i])).Aggregate((a, b) => a + b);
            double[] rows = Vectorisation.Vmap(w => Differentiation.Grad(One, w), data).ToArray();
            Close.Normwise(Differentiation.Grad(Loop, data).ToArray(), rows, 1e-9);
            SameDerivatives(Loop, Whole, data, direction, first: 1e-9, second: 1e-8);
        }
    }

    /// <summary>Gradient, tangent and the Hessian's product with a direction, of the loop and of the batch.</summary>
    private static void SameDerivatives(
        Func<Tensor, Tensor> loop,
        Func<Tensor, Tensor> whole,
        Tensor data,
        Tensor direction,
        double first,
        double second
    )
    {
        Close.Normwise(Differentiation.Grad(loop, data).ToArray(), Differentiation.Grad(whole, data).ToArray(), first);
        Close.Normwise(
            Differentiation.Jvp(loop, data, direction).Tangent.ToArray(),
            Differentiation.Jvp(whole, data, direction).Tangent.ToArray(),
            first
        );
        Close.Normwise(
            Jacobians.Hvp(loop, data, direction).ToArray(),
            Jacobians.Hvp(whole, data, direction).ToArray(),
            second
        );
    }

    private static void Same(Solution<Tensor> alone, Solution<Tensor> batch, Tensor mapped, int item)
    {
        Assert.True(alone.IsSuccess, alone.Message);
        Assert.Equal(Doubles(alone.Value), Doubles(batch.Value[item]));
        Assert.Equal(Doubles(alone.Value), Doubles(mapped[item]));
        Assert.Equal(alone.Trace, batch.Reports[item].Trace);
        Assert.Equal(alone.Steps, batch.Reports[item].Steps);
    }

    private static double[] Doubles(Tensor tensor) => Tensor.Cast(tensor, DType.Float64).ToArray();

    private static Tensor Objective(Tensor w, Tensor x) =>
        Tensor.LogSumExp(w * x) + (0.5 * Tensor.Sumsq(x - (2.0 * w * w)));

    /// <summary>A decay, fitted at four times.</summary>
    private static Tensor Residuals(Tensor data, Tensor x) =>
        (Tensor.Index(x, 0, 0) * Tensor.Exp(-Tensor.Index(x, 0, 1) * Tensor.Of(0.1, 0.4, 0.9, 1.3))) - (2.0 + data);

    private static double[] Draw(int count, int seed = 0) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin((i * i * 0.37) + i + seed))];
}
