namespace Implicit.Linear;

/// <summary>The transpose of an operator that has no shorter one.</summary>
internal sealed class TransposedOperator(LinearOperator inner)
    : LinearOperator(inner.Output, inner.Input, Flipped(inner.Properties))
{
    public override LinearOperator T => inner;

    internal override bool StatesTranspose => true;

    internal override Tensor Product(Tensor x) => inner.TransposedProduct(x);

    internal override Tensor TransposedProduct(Tensor w) => inner.Product(w);

    internal override Tensor Matrix() => inner.Matrix().T;

    internal override LinearOperator Factorise() => inner.Factorise().T;

    private static OperatorProperties Flipped(OperatorProperties properties)
    {
        OperatorProperties flipped = properties & OperatorProperties.PositiveDefinite;
        if (properties.HasFlag(OperatorProperties.LowerTriangular))
            flipped |= OperatorProperties.UpperTriangular;
        if (properties.HasFlag(OperatorProperties.UpperTriangular))
            flipped |= OperatorProperties.LowerTriangular;
        return flipped;
    }
}
