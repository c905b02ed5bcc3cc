namespace Implicit.Linear;

/// <summary>The product with a tensor, element by element.</summary>
internal sealed class DiagonalOperator(Tensor diagonal, OperatorProperties properties)
    : LinearOperator(diagonal.Type, diagonal.Type, properties)
{
    public override LinearOperator T => this;

    internal override Tensor Product(Tensor x) => diagonal * x;

    internal override Tensor TransposedProduct(Tensor w) => diagonal * w;

    internal override Tensor ProductOfColumns(Tensor x) => Tensor.Unsqueeze(diagonal, -1) * x;

    internal override Tensor Matrix() => Tensor.Diag(Tensor.Reshape(diagonal, [diagonal.Length]));

    internal override LinearOperator Factorise() =>
        new DiagonalOperator(1.0 / Regular.Where(diagonal, Tensor.Abs(diagonal), Title), Properties);
}
