using Implicit.Solvers.Minimise;
using Xunit;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>What is kept of a descent that goes on, or cannot.</summary>
public sealed class ProgressTests
{
    /// <summary>However few the steps, the point that is returned is the lowest so far, and the report speaks of it.</summary>
    [Fact]
    public void The_lowest_point_is_returned()
    {
        (Func<Tensor, Tensor> residuals, double[] start, _) = Problems.Regular["Wood"];
        foreach (MinimiseMethod method in MinimiseTests.Methods.Values)
        {
            double before = double.PositiveInfinity;
            for (int steps = 1; steps < 15; steps++)
            {
                Solution<Tensor> solution = Minimise.Solve(
                    x => Tensor.Sumsq(residuals(x)),
                    Tensor.Of(start),
                    new MinimiseOptions { Method = method, MaxSteps = steps }
                );
                double value = Tensor.Sumsq(residuals(solution.Value)).ToDouble();
                Assert.True(value <= before, $"{method}: {value} after {before}");
                Assert.Equal(SolveStatus.MaxStepsReached, solution.Status);
                Assert.Equal(steps, solution.Steps);
                Assert.Equal(steps + 1, solution.Trace.Count);
                Assert.Equal(solution.Trace[solution.Report.BestStep], solution.Residual);
                before = value;
            }
        }
    }

    /// <summary>Near a saddle the gradient is small, but the minimum is lower: what counts is the objective.</summary>
    [Fact]
    public void A_saddle_on_the_way_is_not_the_best_point()
    {
        Solution<Tensor> solution = Minimise.Solve(
            x =>
                Tensor.Sum(Tensor.Of(1.0, 0.0) * x * x)
                + Tensor.Sum(Tensor.Of(0.0, 1.0) * ((0.25 * x * x * x * x) - (0.5 * x * x))),
            Tensor.Of(1.0, 1e-4),
            new MinimiseOptions { Method = new MinimiseMethod.NewtonCg(), MaxSteps = 4 }
        );
        Assert.False(solution.IsSuccess);
        Assert.True(solution.Trace.Min() < solution.Residual, string.Join(", ", solution.Trace));
        Assert.Equal(4, solution.Report.BestStep);
    }

    /// <summary>More steps do not help where there is no minimum; the message says so, and not of a descent that has just begun.</summary>
    [Fact]
    public void An_objective_without_minimum_is_told_as_such()
    {
        Assert.Contains("no minimum", Message(x => Tensor.Sum(x)), StringComparison.Ordinal);
        Assert.Contains("Try more steps", Message(x => Tensor.Sum(x), steps: 5), StringComparison.Ordinal);

        static string Message(Func<Tensor, Tensor> objective, int steps = 200)
        {
            var options = new MinimiseOptions
            {
                AbsoluteTolerance = 0.0,
                RelativeTolerance = 0.0,
                MaxSteps = steps,
            };
            Solution<Tensor> solution = Minimise.Solve(objective, Tensor.Ones([2]), options);
            Assert.False(solution.IsSuccess);
            return solution.Message;
        }
    }

    /// <summary>A trial of 1e30 that is rejected says nothing of the rounding at the iterates.</summary>
    [Fact]
    public void The_noise_is_that_of_iterates()
    {
        const double rounding = 1e-16;
        var descent = new Implicit.Solvers.Minimise.Descent(new FarFirst(), () => new(1, []), rounding, cancels: true);
        descent.Take(At(5.0, 2.0));
        Tell(descent, 1e10, 1e30);
        Assert.False(descent.HasStepped);
        Tell(descent, 1.0, 0.5);
        Assert.True(descent.HasStepped);
        Assert.Equal(10.0 * rounding * 2.0, descent.Noise, 1e-30);
        Assert.Equal([1e10], descent.Ask().X);
    }

    /// <summary>A linear solve that fails within a method is why it cannot go on, not an exception.</summary>
    [Fact]
    public void What_a_method_throws_is_its_failure()
    {
        var descent = new Implicit.Solvers.Minimise.Descent(new Throwing(), () => new(1, []), 1e-16, cancels: true);
        descent.Take(At(5.0, 2.0));
        Tell(descent, 1.0, 3.0);
        Assert.Equal("singular", descent.Failure);
        Assert.False(descent.HasStepped);
    }

    /// <summary>At zero no step is rounding beside the point.</summary>
    [Fact]
    public void A_trust_region_at_zero_comes_to_an_end()
    {
        var flat = new NewtonConjugateGradients(1, new TrustRegion(), (_, _) => [0.0]);
        var descent = new Implicit.Solvers.Minimise.Descent(flat, () => new(1, []), 2e-16, cancels: false);
        Iterate start = At(0.0, 0.0);
        start.Gradient[0] = 1.0;
        descent.Take(start);
        int tries = 0;
        for (Iterate trial = descent.Ask(); descent.Failure is null; trial = descent.Ask())
        {
            trial.Value = 1.0;
            descent.Tell();
            tries++;
        }
        Assert.InRange(tries, 20, 60);
    }

    /// <summary>The method asks for the objective at a point, and is told.</summary>
    private static void Tell(Implicit.Solvers.Minimise.Descent descent, double x, double value)
    {
        Iterate trial = descent.Ask();
        Assert.Null(descent.Failure);
        Assert.Equal([x], trial.X);
        trial.Value = value;
        descent.Tell();
    }

    private static Iterate At(double x, double value)
    {
        var iterate = new Iterate(1, []) { Value = value };
        iterate.X[0] = x;
        return iterate;
    }

    /// <summary>Cannot solve for a second point.</summary>
    private sealed class Throwing : IDescent
    {
        public IEnumerator<Iterate?> Steps(Implicit.Solvers.Minimise.Descent descent)
        {
            yield return At(1.0, double.NaN);
            throw new SolveException("singular");
        }
    }

    /// <summary>Tries a point far away, and takes the next.</summary>
    private sealed class FarFirst : IDescent
    {
        public IEnumerator<Iterate?> Steps(Implicit.Solvers.Minimise.Descent descent)
        {
            while (true)
            {
                yield return At(1e10, double.NaN);
                Iterate near = At(1.0, double.NaN);
                yield return near;
                descent.Take(near);
                yield return null;
            }
        }
    }
}
