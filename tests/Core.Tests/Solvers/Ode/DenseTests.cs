using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>The solution as a function of time.</summary>
public sealed class DenseTests
{
    public static TheoryData<string> Adaptive => Methods.Adaptive;

    [Theory]
    [MemberData(nameof(Adaptive))]
    public void It_agrees_with_the_values_and_with_a_tight_solve(string name)
    {
        foreach (
            double[] times in (double[][])
                [
                    [0.0, 0.3, 1.7, 4.0],
                    [4.0, 2.2, 0.0],
                ]
        )
        {
            OdeSolution<Tensor> solution = Solve(Problems.At(Methods.All[name].Tableau, 1e-8), times);
            Assert.True(solution.IsSuccess, solution.Message);
            Assert.Equal(times, solution.Times.ToArray());
            for (int i = 0; i < times.Length; i++)
                Close.Elementwise(solution.Values[i].ToArray(), solution.At(times[i]).ToArray(), 1e-14);
            double[] between = [.. Enumerable.Range(0, 40).Select(i => times[0] + ((times[^1] - times[0]) * i / 39.0))];
            Tensor tight = Solve(Problems.At(Tableau.Dopri8, 1e-13), between).Values;
            for (int i = 0; i < between.Length; i++)
                Close.Elementwise(tight[i].ToArray(), solution.At(between[i]).ToArray(), 1e-6);
        }
    }

    /// <summary>Output inside a step by Integrate is the same as by At, to the bit.</summary>
    [Theory]
    [MemberData(nameof(Adaptive))]
    public void Integrate_Solve_and_At_are_one_computation(string name)
    {
        OdeOptions options = Problems.At(Methods.All[name].Tableau, 1e-5);
        double[] times = [.. Enumerable.Range(0, 30).Select(i => i / 11.0)];
        OdeSolution<Tensor> solution = Solve(options, times);
        Tensor values = Implicit.Ode.Integrate(
            (t, y) => Problems.LotkaVolterra(Problems.Rates, y),
            Tensor.Of(times),
            Tensor.Of(1.0, 1.0),
            options
        );
        Assert.Equal(values.ToArray(), solution.Values.ToArray());
        Assert.Equal(values.ToArray(), times.SelectMany(t => solution.At(t).ToArray()).ToArray());
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void Outside_the_span_raises(double time)
    {
        foreach (
            double[] times in (double[][])
                [
                    [0.0, 1.0],
                    [1.0, 0.0],
                ]
        )
        {
            TensorException error = Assert.Throws<TensorException>(() => Solve(new OdeOptions(), times).At(time));
            Assert.Contains("within the span", error.Message);
        }
    }

    [Fact]
    public void One_time_is_the_initial_state()
    {
        OdeSolution<Tensor> solution = Solve(new OdeOptions(), [0.5]);
        Assert.True(solution.IsSuccess);
        Assert.Equal(new OdeStatistics(0, 0, 0), solution.Statistics);
        Assert.Equal([1.0, 1.0], solution.Values.ToArray());
        Assert.Equal([1.0, 1.0], solution.At(0.5).ToArray());
    }

    /// <summary>What was reached stays usable after a failure, and what was not is refused.</summary>
    [Fact]
    public void After_a_failure_the_part_that_was_solved_remains()
    {
        OdeSolution<Tensor> solution = Implicit.Ode.Solve(
            (t, y) => y * y,
            Tensor.Of(0.0, 0.5, 2.0),
            Tensor.Scalar(1.0)
        );
        Close.Elementwise([1.0 / 0.1], [(double)solution.At(0.9)], 1e-5);
        Assert.Throws<TensorException>(() => solution.At(1.5));
    }

    private static OdeSolution<Tensor> Solve(OdeOptions options, double[] times) =>
        Implicit.Ode.Solve(
            (t, y) => Problems.LotkaVolterra(Problems.Rates, y),
            Tensor.Of(times),
            Tensor.Of(1.0, 1.0),
            options
        );
}
