using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>Objectives with a factorisation inside: hundreds of roundings, of which the value keeps some, and the gradient fewer.</summary>
public sealed class RoundingTests
{
    private const int Count = 20;

    public static TheoryData<string> Names => MinimiseTests.Names;

    /// <summary>
    /// The likelihood of a Gaussian process by its length scale, its variance and its noise (Rasmussen and Williams 2006, equation 2.30). Near
    /// the minimum the values differ by less than their rounding, and the slopes do not.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_Gaussian_process_is_fitted_to_the_rounding_of_its_gradient(string method)
    {
        Tensor x = Linspace(0.0, 5.0, Count);
        Tensor gaps = Unsqueeze(x, 1) - Unsqueeze(x, 0);
        for (int seed = 0; seed < 20; seed++)
        {
            Tensor y = Sin(x) + (0.1 * Normal(RandomKey.Of(seed), [Count]));
            Solution<Tensor> solution = Minimise.Solve(
                Cost,
                Tensor.Of(0.0, 0.0, -2.0),
                new MinimiseOptions { Method = MinimiseTests.Methods[method] }
            );
            Assert.True(solution.IsSuccess, $"{seed}: {solution.Message}");
            Assert.True(solution.Steps < 200, $"{seed}: {solution.Message}");
            Assert.InRange((double)MaxNorm(Grad(Cost, solution.Value)), 0.0, 1e-9);

            Tensor Cost(Tensor p)
            {
                Tensor covariance = (Exp(p[1]) * Exp(-0.5 * Square(gaps) / Exp(2.0 * p[0]))) + (Exp(p[2]) * Eye(Count));
                Tensor root = Cholesky(covariance);
                return (0.5 * Sumsq(SolveTriangular(root, y)))
                    + Sum(Log(Diagonal(root)))
                    + (0.5 * Count * Math.Log(2.0 * Math.PI));
            }
        }
    }
}
