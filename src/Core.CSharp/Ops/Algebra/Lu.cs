using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The LU factorisation with row exchanges: A[permutation, :] = L·U.</summary>
    /// <param name="a">[…, n, n].</param>
    /// <returns>
    /// The permutation, int64 […, n]; L, unit lower triangular […, n, n]; U, upper triangular […, n, n].
    /// </returns>
    /// <exception cref="TensorException">
    /// The matrix is not square, or (when a value is computed) an item is not finite, or singular: a pivot is zero.
    /// </exception>
    /// <remarks>
    /// With F = L⁻¹PȦU⁻¹: L̇ = L·tril(F, −1), U̇ = triu(F)·U. The permutation counts as constant. F. de Hoog, R. Anderssen and M. Lukas,
    /// "Differentiation of matrix functionals using triangular factorization", Math. Comp. 80 (2011).
    /// </remarks>
    public static (Tensor Permutation, Tensor L, Tensor U) Lu(Tensor a)
    {
        Tensor[] factors = ApplyMany(new LuOp(IsConstant: false), a);
        return (factors[1], UnitLower(factors[0]), Triu(factors[0]));
    }

    /// <summary>The factors of a matrix, with the matrix itself, through which what is made of them is differentiated.</summary>
    /// <param name="a">[…, n, n].</param>
    /// <param name="error">What is raised when an item is singular; if null, nothing before somebody divides by the missing pivot.</param>
    internal static Tensor[] Factored(Tensor a, FactoriseError? error = null) =>
        [a, .. ApplyMany(new LuOp(IsConstant: true) { Error = error ?? NoPivot.Error }, a)];

    private static Tensor UnitLower(Tensor packed) => Tril(packed, -1) + Eye(packed.Shape[-1], dtype: packed.DType);

    /// <summary>L below the diagonal and U from it on, packed into one matrix; and the permutation.</summary>
    /// <param name="IsConstant">
    /// Whether the factors are only the means to a result that knows its derivative with respect to the matrix.
    /// </param>
    private sealed record LuOp(bool IsConstant) : FactorisationOp(Factorisation.Lu)
    {
        public override string Name => "lu";

        public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs)
        {
            Matrices.RequireSquare(Name, inputs[0]);
            return [inputs[0], new TensorType(DType.Int64, inputs[0].Shape.Take(inputs[0].Shape.Rank - 1))];
        }

        public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
        {
            if (IsConstant || cotangents[0] is not { } cotangent)
                return [null];
            Tensor[] factors = Results(tuple);
            Tensor lower = UnitLower(factors[0]);
            Tensor upper = Triu(factors[0]);
            Tensor inner = Tril(MatMul(lower.T, Tril(cotangent, -1)), -1) + Triu(MatMul(Triu(cotangent), upper.T));
            Tensor left = SolveTriangular(factors[0], inner, transposed: true, unit: true);
            return [PermuteRows(SolveTriangular(factors[0], left.T, lower: false).T, factors[1], back: true)];
        }

        public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
        {
            if (IsConstant)
                return [null, null];
            Tensor[] factors = Results(tuple);
            Tensor moved = PermuteRows(tangents[0]!, factors[1]);
            Tensor left = SolveTriangular(factors[0], moved, unit: true);
            Tensor inner = SolveTriangular(factors[0], left.T, lower: false, transposed: true).T;
            return [MatMul(UnitLower(factors[0]), Tril(inner, -1)) + MatMul(Triu(inner), Triu(factors[0])), null];
        }
    }
}
