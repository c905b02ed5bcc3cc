using Implicit.Shapes;

namespace Implicit.Linear;

/// <summary>The product of two operators: the right one is applied first. Products of triangles are triangles.</summary>
internal sealed class ProductOperator : LinearOperator
{
    private const OperatorProperties Triangles =
        OperatorProperties.LowerTriangular | OperatorProperties.UpperTriangular;

    private readonly LinearOperator left;
    private readonly LinearOperator right;

    public ProductOperator(LinearOperator left, LinearOperator right)
        : base(right.Input, left.Output, Common(left, right))
    {
        Throw.Unless(
            left.Input == right.Output,
            "linearOperator",
            "the result of the right operator must be an argument of the left one",
            $"a right one to {right.Output} and a left one from {left.Input}"
        );
        this.left = left;
        this.right = right;
    }

    public override LinearOperator T => new ProductOperator(right.T, left.T);

    internal override bool StatesTranspose => left.StatesTranspose || right.StatesTranspose;

    internal override bool MayBeAffine => left.MayBeAffine || right.MayBeAffine;

    internal override Tensor Product(Tensor x) => left.Product(right.Product(x));

    internal override Tensor TransposedProduct(Tensor w) => right.TransposedProduct(left.TransposedProduct(w));

    internal override Tensor Matrix() => Tensor.MatMul(left.Matrix(), right.Matrix());

    internal override LinearOperator Factorise() =>
        left.IsSquare && right.IsSquare ? new ProductOperator(right.Factorise(), left.Factorise()) : base.Factorise();

    private static OperatorProperties Common(LinearOperator left, LinearOperator right)
    {
        OperatorProperties common = left.Properties & right.Properties;
        return common.HasFlag(OperatorProperties.Diagonal) ? OperatorProperties.Diagonal : common & Triangles;
    }
}
