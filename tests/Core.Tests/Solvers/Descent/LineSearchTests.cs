using Xunit;

namespace Implicit.Tests.Solvers.Descent;

public sealed class LineSearchTests
{
    /// <summary>A search that may try few points takes the best end of its bracket, whose point was tried before the last one.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_search_that_ends_early_takes_the_lower_end_of_its_bracket(int trials)
    {
        Tensor Rosenbrock(Tensor x) => (100.0 * Tensor.Sumsq(x[1] - (x[0] * x[0]))) + Tensor.Sumsq(1.0 - x[0]);

        var search = new LineSearch.StrongWolfe(1e-4, 0.01) { MaxTrials = trials };
        double before = double.PositiveInfinity;
        for (int steps = 0; steps < 40; steps++)
        {
            Solution<Tensor> solution = Minimise.Solve(
                Rosenbrock,
                Tensor.Of(-1.2, 1.0),
                new MinimiseOptions
                {
                    Method = new MinimiseMethod.Bfgs { LineSearch = search },
                    MaxSteps = steps,
                }
            );
            double value = Rosenbrock(solution.Value).ToDouble();
            Assert.True(value <= before, $"{value} after {steps} steps, {before} before");
            before = value;
        }
        Assert.InRange(before, 0.0, trials == 2 ? 3.0 : 1e-3);
    }
}
