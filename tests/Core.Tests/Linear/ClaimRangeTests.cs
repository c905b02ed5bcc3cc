using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>
/// What is claimed of an operator is judged in any unit: squares of its elements may leave the range of their type, and so may their products with
/// those of a vector.
/// </summary>
public sealed class ClaimRangeTests
{
    private const OperatorProperties Definite = OperatorProperties.PositiveDefinite;
    private static readonly double[,] Symmetric =
    {
        { 4.0, 1.0 },
        { 1.0, 3.0 },
    };
    private static readonly double[,] Upper =
    {
        { 4.0, 1.0 },
        { 0.0, 3.0 },
    };

    public static TheoryData<double, DType> Units =>
        new()
        {
            { 1.0, DType.Float64 },
            { 1e160, DType.Float64 },
            { 1e-160, DType.Float64 },
            { 1e200, DType.Float64 },
            { 1e-200, DType.Float64 },
            { 1e20, DType.Float32 },
            { 1e-25, DType.Float32 },
            { 1e30, DType.Float32 },
            { 1e-30, DType.Float32 },
        };

    [Theory]
    [MemberData(nameof(Units))]
    public void Factors_of_what_an_operator_is_not_are_told(double unit, DType dtype)
    {
        Tensor upper = Matrix(Upper, unit, dtype);
        Tensor symmetric = Matrix(Symmetric, unit, dtype);
        Tensor like = Vector(1.0, dtype);
        foreach (
            LinearOperator wrong in new[]
            {
                LinearOperator.Dense(upper, Definite),
                LinearOperator.Dense(upper, OperatorProperties.LowerTriangular),
                LinearOperator.Of(v => Tensor.MatMul(upper, v), like, Definite),
                LinearOperator.Of(v => Tensor.MatMul(symmetric, v * v), like),
            }
        )
        {
            IsTold(wrong, Vector(unit, dtype));
            IsTold(wrong, Tensor.Stack([Vector(unit, dtype), Vector(unit, dtype)]).T);
        }
        // Here a solution has a size of its own.
        IsTold(LinearOperator.Dense(upper, Definite), like);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Factors_of_what_an_operator_is_solve(double unit, DType dtype)
    {
        Tensor like = Vector(1.0, dtype);
        double[] expected = Tensor.Solve(Tensor.Of(Symmetric), Vector(1.0, DType.Float64)).ToArray();
        foreach (LinearOperator right in Right(Matrix(Symmetric, unit, dtype), like))
        foreach (double size in new[] { 1.0, unit })
        {
            LinearSolution solution = LinearSystem.TrySolve(right, Vector(size, dtype), new LinearSolver.Direct());
            Assert.Equal(LinearStatus.Success, solution.Status);
            Near(expected, solution.Value, size / unit, dtype);
        }
        LinearOperator lower = LinearOperator.Dense(Matrix(Upper, unit, dtype).T, OperatorProperties.LowerTriangular);
        Assert.True(LinearSystem.TrySolve(lower, like, new LinearSolver.Direct()).IsSuccess);
        // Of nothing there is nothing to tell.
        Tensor zero = Tensor.ZerosLike(like);
        Assert.True(LinearSystem.TrySolve(lower, zero, new LinearSolver.Direct()).IsSuccess);
    }

    /// <summary>x = A⁻¹b of A = t·unit·M has the derivatives A⁻ᵀc in b and −⟨c, x⟩ in t = 1.</summary>
    [Theory]
    [MemberData(nameof(Units))]
    public void Such_a_solve_is_differentiated(double unit, DType dtype)
    {
        Tensor c = Tensor.Cast(Tensor.Of(0.5, -1.0), dtype);
        Tensor matrix = Matrix(Symmetric, unit, dtype);
        Tensor one = Tensor.Scalar(1.0, dtype);
        for (int kind = 0; kind < 3; kind++)
        {
            (Tensor t, Tensor b) = Differentiation.Grad(
                p =>
                {
                    LinearOperator a = Right(p.T * matrix, p.B)[kind];
                    return Tensor.Sum(c * LinearSystem.Solve(a, p.B, new LinearSolver.Direct()));
                },
                (T: one, B: Vector(unit, dtype))
            );
            double[] x = Tensor.Solve(Tensor.Of(Symmetric), Vector(1.0, DType.Float64)).ToArray();
            Near([-(0.5 * x[0]) + x[1]], Tensor.Reshape(t, [1]), 1.0, dtype);
            Near(Tensor.Solve(Tensor.Of(Symmetric), Tensor.Of(0.5, -1.0)).ToArray(), b, 1.0 / unit, dtype);
        }
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Least_squares_by_factors_of_any_size(double unit, DType dtype)
    {
        double[,] tall =
        {
            { 1.0, -0.3 },
            { 0.2, 0.5 },
            { 0.4, 0.8 },
        };
        double[,] dependent =
        {
            { 1.0, 2.0 },
            { 2.0, 4.0 },
            { 3.0, 6.0 },
        };
        Tensor b = Tensor.Of(1.0, -2.0, 0.5);
        double[] expected = Tensor.Lstsq(Tensor.Of(tall), b).ToArray();
        foreach (
            LinearSolver solver in new LinearSolver[] { new LinearSolver.Direct(), new LinearSolver.Pseudoinverse() }
        )
        {
            LinearSolution solution = LinearSystem.TrySolve(
                LinearOperator.Dense(Matrix(tall, unit, dtype)),
                Tensor.Cast(b, dtype),
                solver
            );
            Assert.Equal(LinearStatus.Success, solution.Status);
            Near(expected, solution.Value, 1.0 / unit, dtype);
        }
        LinearSolution none = LinearSystem.TrySolve(
            LinearOperator.Dense(Matrix(dependent, unit, dtype)),
            Tensor.Cast(b, dtype),
            new LinearSolver.Direct()
        );
        Assert.Equal(LinearStatus.Singular, none.Status);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Wrong_claims_are_named(double unit, DType dtype)
    {
        Tensor upper = Matrix(Upper, unit, dtype);
        Tensor like = Vector(1.0, dtype);
        foreach (
            (LinearOperator wrong, string name) in new[]
            {
                (LinearOperator.Dense(upper, OperatorProperties.Symmetric), "symmetric"),
                (LinearOperator.Dense(upper, OperatorProperties.LowerTriangular), "lower triangular"),
                (LinearOperator.Dense(upper.T, OperatorProperties.UpperTriangular), "upper triangular"),
                (LinearOperator.Dense(-Matrix(Symmetric, unit, dtype), Definite), "positive definite"),
                (LinearOperator.Of(v => Tensor.MatMul(upper, v), v => Tensor.MatMul(upper, v), like), "transpose"),
                (LinearOperator.Of(v => Tensor.MatMul(upper, v), v => 0.0 * v, like), "transpose"),
                (LinearOperator.Of(v => 0.0 * v, v => Tensor.MatMul(upper, v), like), "transpose"),
                (LinearOperator.Of(v => Tensor.MatMul(upper, v * v), like), "linear"),
            }
        )
        {
            TensorException error = Assert.Throws<TensorException>(() => wrong.Verify());
            Assert.Contains(
                $"must be {(name == "transpose" ? "the " : "")}{name}",
                error.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Right_claims_hold(double unit, DType dtype)
    {
        Tensor upper = Matrix(Upper, unit, dtype);
        Tensor like = Vector(1.0, dtype);
        foreach (LinearOperator right in Right(Matrix(Symmetric, unit, dtype), like))
            right.Verify();
        LinearOperator.Dense(upper, OperatorProperties.UpperTriangular).Verify();
        LinearOperator.Dense(upper.T, OperatorProperties.LowerTriangular).Verify();
        LinearOperator.Of(v => Tensor.MatMul(upper, v), v => Tensor.MatMul(upper.T, v), like).Verify();
        LinearOperator.Of(v => 0.0 * v, like).Verify();
    }

    /// <summary>LSMR checks a function before it solves.</summary>
    [Theory]
    [MemberData(nameof(Units))]
    public void Lsmr_solves_for_functions_of_any_size(double unit, DType dtype)
    {
        Tensor matrix = Matrix(Symmetric, unit, dtype);
        Tensor b = Vector(1.0, dtype);
        var a = LinearOperator.Of(v => Tensor.MatMul(matrix, v), b);
        LinearSolution solution = LinearSystem.TrySolve(a, b, new LinearSolver.Lsmr());
        Assert.Equal(LinearStatus.Success, solution.Status);
        double[] expected = Tensor.Solve(Tensor.Of(Symmetric), Vector(1.0, DType.Float64)).ToArray();
        Near(expected, solution.Value, 1.0 / unit, dtype);
    }

    private static LinearOperator[] Right(Tensor symmetric, Tensor like) =>
        [
            LinearOperator.Dense(symmetric, Definite),
            LinearOperator.Of(v => Tensor.MatMul(symmetric, v), like, Definite),
            LinearOperator.Dense(symmetric),
        ];

    private static void IsTold(LinearOperator wrong, Tensor b)
    {
        var direct = new LinearSolver.Direct();
        Assert.Equal(LinearStatus.NotAsClaimed, LinearSystem.TrySolve(wrong, b, direct).Status);
        SolveException error = Assert.Throws<SolveException>(() => LinearSystem.Solve(wrong, b, direct));
        Assert.Contains("NotAsClaimed", error.Message, StringComparison.Ordinal);
    }

    private static void Near(double[] expected, Tensor actual, double unit, DType dtype) =>
        Close.Elementwise(
            expected,
            [.. Tensor.Cast(actual, DType.Float64).ToArray().Select(x => x / unit)],
            dtype == DType.Float32 ? 1e-5 : 1e-9
        );

    private static Tensor Matrix(double[,] elements, double unit, DType dtype) =>
        Tensor.Cast(unit * Tensor.Of(elements), dtype);

    private static Tensor Vector(double unit, DType dtype) => Tensor.Cast(unit * Tensor.Of(1.0, 2.0), dtype);
}
