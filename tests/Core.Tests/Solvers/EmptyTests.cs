using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers;

/// <summary>What has no unknowns is solved.</summary>
public sealed class EmptyTests
{
    private static readonly Tensor None = Zeros([0]);

    [Fact]
    public void Of_equations()
    {
        foreach (
            EquationMethod method in new EquationMethod[] { new Picard(), new Anderson(), new Broyden(), new Newton() }
        )
        {
            var options = new EquationOptions { Method = method };
            Assert.True(FixedPoint.Solve(z => Cos(z), None, options).IsSuccess);
            Assert.Equal(
                [0.0, 0.0],
                Grad(p => Sum(FixedPoint.Find(z => z * Sum(p), None, options)), Ones([2])).ToArray()
            );
        }
    }

    [Fact]
    public void Of_minima()
    {
        foreach (
            MinimiseMethod method in new MinimiseMethod[]
            {
                new MinimiseMethod.Bfgs(),
                new MinimiseMethod.Lbfgs(),
                new MinimiseMethod.NewtonCg(),
            }
        )
        {
            var options = new MinimiseOptions { Method = method };
            Assert.Empty(Grad(p => Sum(Minimise.Argmin(z => Sumsq(z - p), None, options)), None).ToArray());
        }
    }

    [Fact]
    public void Of_least_squares()
    {
        foreach (
            LeastSquaresMethod method in new LeastSquaresMethod[]
            {
                new LeastSquaresMethod.GaussNewton(),
                new LeastSquaresMethod.LevenbergMarquardt(),
                new LeastSquaresMethod.Dogleg(),
            }
        )
        {
            var options = new LeastSquaresOptions { Method = method };
            Assert.Empty(Grad(p => Sum(LeastSquares.Fit(z => z - p, None, options)), None).ToArray());
        }
    }

    /// <summary>A batch without items has no solutions, and the derivative of none is zero.</summary>
    [Fact]
    public void Of_batches()
    {
        foreach (
            EquationMethod method in new EquationMethod[] { new Picard(), new Anderson(), new Broyden(), new Newton() }
        )
        {
            var options = new EquationOptions { Method = method };
            Tensor Solutions(Tensor p) =>
                Vmap(x => FixedPoint.Find(z => (0.5 * Cos(z)) + (x * Sum(p)), Ones([50]), options), Zeros([0, 50]));
            Assert.Equal([0, 50], Solutions(Ones([2])).Shape.ToArray());
            Assert.Equal([0.0, 0.0], Grad(p => Sum(Solutions(p)), Ones([2])).ToArray());
        }
    }

    /// <summary>Nothing is left to do where there is nothing.</summary>
    [Fact]
    public void Accounts_of_batches()
    {
        foreach (
            Solution<Tensor> solution in new[]
            {
                FixedPoint.SolveEach((d, z) => d * z, Zeros([0, 3]), Zeros([0, 3])),
                Root.SolveEach((d, z) => d * z, Zeros([0, 3]), Zeros([0, 3])),
                Minimise.SolveEach((d, x) => Sumsq(d * x), Zeros([0, 3]), Zeros([0, 3])),
                LeastSquares.SolveEach((d, x) => d * x, Zeros([0, 3]), Zeros([0, 3])),
            }
        )
        {
            Assert.Equal((true, 0, 0.0), (solution.IsSuccess, solution.Steps, solution.Residual));
            Assert.StartsWith("Success", solution.ToString(), StringComparison.Ordinal);
            Assert.Empty(solution.Trace);
        }
        OdeSolutions<Tensor> none = Implicit.Ode.SolveEach(
            (d, t, y) => d * y,
            Zeros([0, 3]),
            Linspace(0, 1, 5),
            Zeros([0, 3])
        );
        Assert.True(none.IsSuccess);
        Assert.Empty(none.Items);
        Assert.Equal([0, 5, 3], none.Values.Shape.ToArray());
        LinearSolution linear = LinearSystem.TrySolve(
            LinearOperator.Dense(Eye(3)),
            Zeros([3, 0]),
            new LinearSolver.Gmres()
        );
        Assert.Equal((true, 0, 0.0), (linear.IsSuccess, linear.Iterations, linear.Residual));
    }

    [Fact]
    public void Of_linear_systems()
    {
        foreach (LinearSolver solver in Linear.Systems.Methods.Values)
            Assert.Equal([0], LinearSystem.Solve(LinearOperator.Dense(Zeros([0, 0])), None, solver).Shape.ToArray());
    }

    /// <summary>No unknowns, or no right-hand sides, of a matrix whose properties are in doubt.</summary>
    [Theory]
    [InlineData(0, null)]
    [InlineData(0, 2)]
    [InlineData(3, 0)]
    public void Of_linear_systems_by_factors(int unknowns, int? columns)
    {
        LinearOperator a = LinearOperator.Dense(Eye(unknowns), OperatorProperties.PositiveDefinite);
        Tensor b = columns is { } k ? Zeros([unknowns, k]) : Zeros([unknowns]);
        foreach (
            LinearSolver solver in new LinearSolver[] { new LinearSolver.Direct(), new LinearSolver.Pseudoinverse() }
        )
        {
            Assert.Equal(b.Type, LinearSystem.Solve(a, b, solver).Type);
            Assert.Equal(
                (true, 0.0),
                (LinearSystem.TrySolve(a, b, solver).IsSuccess, LinearSystem.TrySolve(a, b, solver).Residual)
            );
        }
    }

    [Fact]
    public void Of_descents()
    {
        foreach (
            MinimiseMethod method in new MinimiseMethod[]
            {
                new MinimiseMethod.Bfgs(),
                new MinimiseMethod.Lbfgs(),
                new MinimiseMethod.NewtonCg(),
            }
        )
            Assert.True(Minimise.Solve(x => Sumsq(x - 3.0), None, new MinimiseOptions { Method = method }).IsSuccess);
        foreach (
            LeastSquaresMethod method in new LeastSquaresMethod[]
            {
                new LeastSquaresMethod.LevenbergMarquardt(),
                new LeastSquaresMethod.Dogleg(),
                new LeastSquaresMethod.GaussNewton(),
            }
        )
        {
            var options = new LeastSquaresOptions { Method = method };
            Assert.True(LeastSquares.Solve(x => x, None, options).IsSuccess);
            Assert.True(LeastSquares.Solve(x => Ones([2]) * Sum(x), None, options).IsSuccess);
        }
    }

    /// <summary>Nothing is to be made small: every point is a minimum.</summary>
    [Fact]
    public void Without_residuals_the_start_is_the_answer() =>
        Assert.Equal([1.0, 1.0], LeastSquares.Solve(x => None * Sum(x), Ones([2])).Value.ToArray());
}
