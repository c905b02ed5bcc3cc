using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>y′ = k·y² from 1 is 1/(1 − k·t), which has no value at 1 where k is above 1: such an item takes nothing from the others.</summary>
public sealed class OnFailTests
{
    private static readonly Tensor Rates = Tensor.Of(0.5, 2.0, -1.0);

    private static readonly Tensor One = Tensor.Scalar(1.0);

    private static readonly Dictionary<string, OdeOptions> Solvers = new()
    {
        ["checkpointed"] = new OdeOptions { OnFail = OnFail.Nan },
        ["direct"] = new OdeOptions { OnFail = OnFail.Nan, Adjoint = new Adjoint.Direct() },
        ["backsolve"] = new OdeOptions { OnFail = OnFail.Nan, Adjoint = new Adjoint.Backsolve() },
        ["of few steps"] = new OdeOptions { OnFail = OnFail.Nan, MaxSteps = 100 },
    };

    public static TheoryData<string> Cases => [.. Solvers.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_NaN_at_every_time_and_the_others_are_what_they_are_alone(string solver)
    {
        Tensor all = Vectorisation.Vmap(rate => Rows(rate, One, Tensor.Of(0.0, 0.25, 1.0), Solvers[solver]), Rates);
        Assert.All(all[1].ToArray(), y => Assert.True(double.IsNaN(y)));
        Close.Elementwise([1.0, 1.0 / 0.875, 2.0], all[0].ToArray(), 1e-6);
        Assert.Equal(
            Rows(Rates[2], One, Tensor.Of(0.0, 0.25, 1.0), Solvers[solver] with { OnFail = OnFail.Throw }).ToArray(),
            all[2].ToArray()
        );
    }

    /// <summary>y(1) = y₀/(1 − k·w·y₀): by w at 1 it is k/(1 − k)², and 2k²/(1 − k)³ to second order; by y₀ 1/(1 − k)².</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loss_that_leaves_it_out_has_the_derivatives_of_the_others(string solver)
    {
        Tensor Loss(Tensor w, Tensor y0) =>
            Kept(Vectorisation.Vmap(rate => Rows(rate * w, y0, Tensor.Of(0.0, 1.0), Solvers[solver])[1], Rates));
        Tensor Slope(Tensor w) => Differentiation.Grad((Tensor v) => Loss(v, One), w);
        double[] rates = [0.5, -1.0];
        double slope = rates.Sum(k => k / Math.Pow(1.0 - k, 2));
        double curvature = rates.Sum(k => 2.0 * k * k / Math.Pow(1.0 - k, 3));
        Close.Elementwise([slope], Slope(One).ToArray(), 1e-5);
        Close.Elementwise([slope], Differentiation.Jvp((Tensor w) => Loss(w, One), One, One).Tangent.ToArray(), 1e-5);
        Close.Elementwise([curvature], Differentiation.Grad(Slope, One).ToArray(), 1e-4);
        Close.Elementwise([curvature], Differentiation.Jvp(Slope, One, One).Tangent.ToArray(), 1e-4);
        Tensor byStart = Differentiation.Grad((Tensor y0) => Loss(One, y0), One);
        Close.Elementwise([rates.Sum(k => 1.0 / Math.Pow(1.0 - k, 2))], byStart.ToArray(), 1e-5);
    }

    /// <summary>By the last time: the field there, of those that reach it.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void So_have_times_and_gradients_under_vmap(string solver)
    {
        Tensor End(Tensor rate, Tensor end) =>
            Kept(Rows(rate, One, Tensor.Stack([Tensor.Scalar(0.0), end]), Solvers[solver])[1]);
        Tensor byTime = Vectorisation.Vmap(rate => Differentiation.Grad((Tensor end) => End(rate, end), One), Rates);
        Close.Elementwise([2.0, 0.0, -0.25], byTime.ToArray(), 1e-5);
        Tensor byRate = Vectorisation.Vmap(rate => Differentiation.Grad((Tensor k) => End(k, One), rate), Rates);
        Close.Elementwise([4.0, 0.0, 0.25], byRate.ToArray(), 1e-5);
    }

    [Fact]
    public void Without_a_policy_it_is_an_error() =>
        Assert.Contains(
            "item 1 of 3",
            Assert
                .Throws<SolveException>(() =>
                    Vectorisation.Vmap(k => Rows(k, One, Tensor.Of(0.0, 1.0), new OdeOptions()), Rates).ToArray()
                )
                .Message
        );

    [Fact]
    public void There_is_no_best_trajectory() =>
        Assert.Contains(
            "no trajectory is the best one",
            Assert
                .Throws<TensorException>(() =>
                    Rows(One, One, Tensor.Of(0.0, 0.5), new OdeOptions { OnFail = OnFail.Best })
                )
                .Message
        );

    private static Tensor Rows(Tensor rate, Tensor y0, Tensor times, OdeOptions options) =>
        Implicit.Ode.Integrate((t, y) => rate * y * y, times, y0, options);

    private static Tensor Kept(Tensor y) => Tensor.Sum(Tensor.Where(Tensor.IsFinite(y), y, Tensor.ZerosLike(y)));
}
