using Implicit.Solvers;
using Xunit;

namespace Implicit.Tests.Solvers.Iteration;

/// <summary>What most steps are is entered in an account without being judged: the account is the one that judging gives.</summary>
public sealed class BatchProgressTests
{
    private static readonly double[] Residuals =
    [
        1e9,
        4.0,
        3.0,
        2.0,
        1.0,
        0.5,
        0.1,
        0.0,
        1e12,
        double.NaN,
        double.PositiveInfinity,
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_improves_is_entered_as_if_it_had_been_judged(bool isGuarded)
    {
        var random = new System.Random(5);
        int improved = 0;
        for (int solve = 0; solve < 2000; solve++)
        {
            var limits = new IterationLimits(MaxSteps: random.Next(0, 8), Patience: 3, IsGuarded: isGuarded);
            var judged = new BatchProgress(1, limits, keepsTrace: true);
            var entered = new BatchProgress(1, limits, keepsTrace: true);
            bool hasEnded = false;
            while (!hasEnded)
            {
                double residual = Residuals[random.Next(Residuals.Length)];
                double allowed = random.Next(10) == 0 ? double.NaN : 0.1;
                var measure = new Measure(residual, allowed);
                hasEnded = judged.HasEnded(0, measure);
                bool improves = entered.Improve([0], [0], [residual, allowed], new int[1]) == 0;
                improved += improves ? 1 : 0;
                Assert.Equal(hasEnded, !improves && entered.HasEnded(0, measure));
                Assert.Equal(judged.IsBest(0), entered.IsBest(0));
                Assert.Equal(judged.HasBest(0), entered.HasBest(0));
            }
            SolveReport expected = judged.Reports[0];
            SolveReport report = entered.Reports[0];
            Assert.Equal(expected.Trace, report.Trace);
            Assert.Equal(expected with { Trace = [] }, report with { Trace = [] });
        }
        Assert.True(improved > 200, $"{improved} steps were entered");
    }
}
