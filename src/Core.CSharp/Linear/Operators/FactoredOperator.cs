using Implicit.Graph;

namespace Implicit.Linear;

/// <summary>The inverse of an operator by its factors: the solves work on vectors [m], or columns [m, k].</summary>
/// <param name="inner">The operator that was factorised.</param>
/// <param name="solve">b ↦ A⁻¹·b.</param>
/// <param name="solveTransposed">b ↦ A⁻ᵀ·b.</param>
/// <param name="properties">What is known of the inverse.</param>
internal sealed class FactoredOperator(
    LinearOperator inner,
    Func<Tensor, Tensor> solve,
    Func<Tensor, Tensor> solveTransposed,
    OperatorProperties properties
) : LinearOperator(inner.Output, inner.Input, properties)
{
    public override LinearOperator T => new FactoredOperator(inner.T, solveTransposed, solve, inner.T.Properties);

    internal override bool StatesTranspose => true;

    internal override Tensor Product(Tensor x) => OfVector(solve, x, Output);

    internal override Tensor TransposedProduct(Tensor w) => OfVector(solveTransposed, w, Input);

    internal override Tensor ProductOfColumns(Tensor x) => solve(x);

    internal override LinearOperator Factorise() => inner;

    private static Tensor OfVector(Func<Tensor, Tensor> solve, Tensor x, TensorType result) =>
        Tensor.Reshape(solve(Tensor.Reshape(x, [x.Length])), result.Shape);
}
