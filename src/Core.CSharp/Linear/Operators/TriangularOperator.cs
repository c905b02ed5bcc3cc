using Implicit.Graph;

namespace Implicit.Linear;

/// <summary>The operator of a triangle of a matrix.</summary>
internal sealed class TriangularOperator(Tensor matrix, bool lower)
    : LinearOperator(
        new TensorType(matrix.DType, [matrix.Shape[0]]),
        new TensorType(matrix.DType, [matrix.Shape[0]]),
        lower ? OperatorProperties.LowerTriangular : OperatorProperties.UpperTriangular
    )
{
    private readonly Tensor triangle = lower ? Tensor.Tril(matrix) : Tensor.Triu(matrix);

    public override LinearOperator T => new TriangularOperator(matrix.T, !lower);

    internal override Tensor Product(Tensor x) => Tensor.MatMul(triangle, x);

    internal override Tensor TransposedProduct(Tensor w) => Tensor.MatMul(triangle.T, w);

    internal override Tensor ProductOfColumns(Tensor x) => Tensor.MatMul(triangle, x);

    internal override Tensor Matrix() => triangle;
}
