using Implicit.Graph;

namespace Implicit.Linear;

/// <summary>The operator of a matrix.</summary>
internal sealed class DenseOperator(Tensor matrix, OperatorProperties properties)
    : LinearOperator(Side(matrix, 1), Side(matrix, 0), properties)
{
    internal override Tensor Product(Tensor x) => Tensor.MatMul(matrix, x);

    internal override Tensor TransposedProduct(Tensor w) => Tensor.MatMul(matrix.T, w);

    internal override Tensor ProductOfColumns(Tensor x) => Tensor.MatMul(matrix, x);

    internal override Tensor Matrix() => matrix;

    private static TensorType Side(Tensor matrix, int axis) => new(matrix.DType, [matrix.Shape[axis]]);
}
