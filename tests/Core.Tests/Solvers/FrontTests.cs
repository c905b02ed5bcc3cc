using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers;

/// <summary>The solvers as C# calls them: the same problems, the same words as in F#.</summary>
public sealed class FrontTests
{
    [Fact]
    public void A_problem_without_constraints_is_solved_as_one_asks()
    {
        Tensor v = Tensor.Of(2.0, 10.0, 0.0);
        ConvexProgram<Tensor> Quartic(Tensor v) =>
            Minimise((Tensor x) => (0.5 * Sumsq(x - v)) + (0.25 * Sum(Pow(x, 4.0))));
        foreach (
            IArgminSolver? solver in new IArgminSolver?[]
            {
                null,
                new QpOptions(),
                new MinimiseOptions(),
                new MinimiseOptions { Method = new MinimiseMethod.NewtonCg() },
            }
        )
        {
            Close.Elementwise([1.0, 2.0, 0.0], Argmin(Quartic(v), Zeros([3]), solver).ToArray(), 1e-9);
            // x + x³ = v.
            Tensor slope = Jacobian(v => Sum(Argmin(Quartic(v), Zeros([3]), solver)), v);
            Close.Elementwise([1.0 / 4.0, 1.0 / 13.0, 1.0], slope.ToArray(), 1e-9);
            ArgminSolution<Tensor> account = Quartic(v).Solve(Zeros([3]), solver);
            Assert.True(account.IsSuccess, account.Message);
            Close.Elementwise([1.0, 2.0, 0.0], account.Value.ToArray(), 1e-9);
        }
        ConvexProgram<Tensor> constrained = Quartic(v).SubjectTo(x => [x >= 0.0]);
        var error = Assert.Throws<TensorException>(() => Argmin(constrained, v, new MinimiseOptions()));
        Assert.StartsWith("[argmin] a descent solves programs without constraints", error.Message);
    }

    [Fact]
    public void Least_squares_fit_a_tree()
    {
        Tensor t = Linspace(0.0, 2.0, 9);
        (Tensor Amplitude, Tensor Rate) Fit(Tensor data) =>
            LeastSquares(
                p => (p.Amplitude * Exp(-p.Rate * t)) - data,
                (Amplitude: Scalar(1.0), Rate: Scalar(0.3)),
                new LeastSquaresOptions { Method = new LeastSquaresMethod.Dogleg() }
            );
        Tensor truth = 2.0 * Exp(-0.7 * t);
        Assert.Equal(2.0, Fit(truth).Amplitude.ToDouble(), 1e-9);
        Assert.Equal(0.7, Fit(truth).Rate.ToDouble(), 1e-9);
        Assert.Equal(2.0, Grad(scale => Fit(scale * truth).Amplitude, Scalar(1.0)).ToDouble(), 1e-8);
    }
}
