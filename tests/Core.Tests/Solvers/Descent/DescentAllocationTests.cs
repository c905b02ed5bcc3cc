using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>A step of a descent allocates nothing, once what it needs was made.</summary>
public sealed class DescentAllocationTests
{
    private static readonly Dictionary<string, MinimiseMethod> Minimisers = new()
    {
        ["bfgs"] = new MinimiseMethod.Bfgs(),
        ["bfgs, backtracking"] = new MinimiseMethod.Bfgs { LineSearch = new LineSearch.Backtracking() },
        ["lbfgs"] = new MinimiseMethod.Lbfgs(3),
        ["newtonCg"] = new MinimiseMethod.NewtonCg(),
    };

    private static readonly Dictionary<string, LeastSquaresMethod> Fitters = new()
    {
        ["gaussNewton"] = new LeastSquaresMethod.GaussNewton(),
        ["levenbergMarquardt"] = new LeastSquaresMethod.LevenbergMarquardt(),
        ["dogleg"] = new LeastSquaresMethod.Dogleg(),
    };

    public static MatrixTheoryData<string, DType> MinimiseCases =>
        new([.. Minimisers.Keys], [DType.Float64, DType.Float32]);

    public static MatrixTheoryData<string, DType> FitCases => new([.. Fitters.Keys], [DType.Float64, DType.Float32]);

    [Theory]
    [MemberData(nameof(MinimiseCases))]
    public void More_steps_down_allocate_nothing_more(string name, DType dtype)
    {
        NothingMore(steps =>
            Minimise
                .Solve(
                    x => 0.5 * Tensor.Sumsq(Valley(x)),
                    Start(dtype),
                    new MinimiseOptions
                    {
                        Method = Minimisers[name],
                        MaxSteps = steps,
                        AbsoluteTolerance = 0.0,
                        RelativeTolerance = 0.0,
                    }
                )
                .Steps
        );
    }

    [Theory]
    [MemberData(nameof(FitCases))]
    public void More_steps_to_least_squares_allocate_nothing_more(string name, DType dtype)
    {
        NothingMore(steps =>
            LeastSquares
                .Solve(
                    Valley,
                    Start(dtype),
                    new LeastSquaresOptions
                    {
                        Method = Fitters[name],
                        MaxSteps = steps,
                        AbsoluteTolerance = 0.0,
                        RelativeTolerance = 0.0,
                    }
                )
                .Steps
        );
    }

    /// <summary>The list of residuals has room for 32, and all points that are tried in turn are there by then.</summary>
    private static void NothingMore(Func<int, int> solve) => Bytes.AssertFlat(solve, 18, 25);

    /// <summary>Rosenbrock's valley in twenty dimensions: residuals 10(xᵢ₊₁ − xᵢ²) and 1 − xᵢ.</summary>
    private static Tensor Valley(Tensor x)
    {
        int n = x.Length;
        (Tensor first, Tensor next) = (Tensor.Slice(x, 0, 0, n - 1), Tensor.Slice(x, 0, 1, n));
        return Tensor.Concat([10.0 * (next - (first * first)), 1.0 - first], 0);
    }

    private static Tensor Start(DType dtype) =>
        Tensor.Cast(Tensor.Of([.. Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? -1.2 : 1.0)]), dtype);
}
