using Implicit.Ops;

namespace Implicit.Linear;

/// <summary>Inverses of operators by factors that suit their structure.</summary>
internal static class Factors
{
    public static LinearOperator Of(LinearOperator a)
    {
        Tensor matrix = a.Matrix();
        return a.Is(OperatorProperties.Diagonal) ? Diagonal(a, matrix)
            : a.Is(OperatorProperties.LowerTriangular) ? Triangular(a, matrix, lower: true)
            : a.Is(OperatorProperties.UpperTriangular) ? Triangular(a, matrix, lower: false)
            : a.Is(OperatorProperties.PositiveDefinite) ? Cholesky(a, matrix)
            : a.IsSquare ? Lu(a, matrix)
            : matrix.Shape[0] > matrix.Shape[1] ? Qr(a, matrix)
            : Qr(a.T, matrix.T).T;
    }

    /// <summary>The pseudoinverse by singular values.</summary>
    public static LinearOperator Pseudoinverse(LinearOperator a)
    {
        Tensor inverse = Tensor.Pinv(a.Matrix(), new SystemError(a.Title));
        OperatorProperties kept = a.Properties & OperatorProperties.PositiveDefinite;
        return new FactoredOperator(a, b => Tensor.MatMul(inverse, b), b => Tensor.MatMul(inverse.T, b), kept);
    }

    private static LinearOperator Diagonal(LinearOperator a, Tensor matrix) =>
        new DiagonalOperator(Tensor.Reshape(Tensor.Diagonal(matrix), a.Input.Shape), a.Properties)
        {
            Title = a.Title,
        }.Factorise();

    private static FactoredOperator Triangular(LinearOperator a, Tensor matrix, bool lower)
    {
        Tensor t = Regular.Where(matrix, Tensor.Abs(Tensor.Diagonal(matrix)), a.Title);
        return new FactoredOperator(
            a,
            b => Tensor.SolveTriangular(t, b, lower),
            b => Tensor.SolveTriangular(t, b, lower, transposed: true),
            a.Properties
        );
    }

    /// <summary>A = L·Lᵀ. What is left of a diagonal element after elimination must be more than rounding.</summary>
    private static FactoredOperator Cholesky(LinearOperator a, Tensor matrix)
    {
        Tensor factor = Tensor.Cholesky(matrix, new SystemError(a.Title));
        Tensor pivots = Tensor.Diagonal(factor);
        Tensor l = Regular.Where(factor, (pivots * pivots) - Rounding(matrix, Tensor.Diagonal(matrix)), a.Title);
        return new FactoredOperator(a, Solve, Solve, a.Properties);

        Tensor Solve(Tensor b) => Tensor.SolveTriangular(l, Tensor.SolveTriangular(l, b), transposed: true);
    }

    /// <summary>
    /// P·A = L·U. A pivot that is rounding beside the elements of both its row and its column of A was left by cancellation; scaling rows or
    /// columns does not change that.
    /// </summary>
    private static FactoredOperator Lu(LinearOperator a, Tensor matrix)
    {
        Tensor[] factored = Tensor.Factored(matrix, new SystemError(a.Title));
        Tensor rows = Tensor.TakeAlongAxis(Tensor.MaxNorm(matrix, -1), factored[2], -1);
        Tensor scale = Tensor.Minimum(rows, Tensor.MaxNorm(matrix, -2));
        Tensor pivots = Tensor.Abs(Tensor.Diagonal(factored[1]));
        Tensor packed = Regular.Where(factored[1], pivots - Rounding(matrix, scale), a.Title);
        Tensor[] checkedFactors = [matrix, packed, factored[2]];
        return new FactoredOperator(
            a,
            b => Tensor.SolveFactored(checkedFactors, b, transposed: false),
            b => Tensor.SolveFactored(checkedFactors, b, transposed: true),
            a.Properties
        );
    }

    /// <summary>A = Q·R with independent columns: A⁺ = R⁻¹·Qᵀ.</summary>
    private static FactoredOperator Qr(LinearOperator a, Tensor matrix)
    {
        (Tensor q, Tensor upper) = Tensor.Qr(matrix, areIndependent: true);
        Tensor pivots = Tensor.Abs(Tensor.Diagonal(upper));
        Tensor r = Regular.Where(upper, pivots - Rounding(matrix, Tensor.ScaledNorm(upper, -2)), a.Title);
        return new FactoredOperator(
            a,
            b => Tensor.SolveTriangular(r, Tensor.MatMul(q.T, b), lower: false),
            b => Tensor.MatMul(q, Tensor.SolveTriangular(r, b, lower: false, transposed: true)),
            a.Properties
        );
    }

    /// <summary>What elimination may leave of nothing, for elements of a given size.</summary>
    private static Tensor Rounding(Tensor matrix, Tensor scale) =>
        scale * (matrix.Shape[0] * Matrices.Rounding(matrix.DType));
}
