namespace Implicit.Linear;

/// <summary>A multiple of an operator.</summary>
/// <param name="factor">A scalar.</param>
/// <param name="inner">The operator.</param>
/// <param name="isPositive">Whether the factor is known to be positive.</param>
internal sealed class ScaledOperator(Tensor factor, LinearOperator inner, bool isPositive)
    : LinearOperator(inner.Input, inner.Output, Kept(inner.Properties, isPositive))
{
    private const OperatorProperties Definite = OperatorProperties.PositiveDefinite & ~OperatorProperties.Symmetric;

    public override LinearOperator T => new ScaledOperator(factor, inner.T, isPositive);

    internal override bool StatesTranspose => inner.StatesTranspose;

    internal override bool MayBeAffine => inner.MayBeAffine;

    internal override Tensor Product(Tensor x) => factor * inner.Product(x);

    internal override Tensor TransposedProduct(Tensor w) => factor * inner.TransposedProduct(w);

    internal override Tensor ProductOfColumns(Tensor x) => factor * inner.ProductOfColumns(x);

    internal override Tensor Matrix() => factor * inner.Matrix();

    internal override LinearOperator Factorise() =>
        new ScaledOperator(1.0 / Regular.Where(factor, Tensor.Abs(factor), Title), inner.Factorise(), isPositive);

    private static OperatorProperties Kept(OperatorProperties properties, bool isPositive) =>
        isPositive ? properties : properties & ~Definite;
}
