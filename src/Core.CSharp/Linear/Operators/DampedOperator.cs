namespace Implicit.Linear;

/// <summary>
/// A over λ·I, of vectors: its least squares solution for b over zero is the damped one for b. It has independent columns, so its
/// derivatives need no rule of their own.
/// </summary>
internal sealed class DampedOperator(LinearOperator inner, double damping)
    : LinearOperator(
        inner.Input with
        {
            Shape = [inner.Input.Shape.Length],
        },
        inner.Output with
        {
            Shape = [inner.Output.Shape.Length + inner.Input.Shape.Length],
        },
        OperatorProperties.None
    )
{
    private readonly int equations = inner.Output.Shape.Length;

    internal override bool StatesTranspose => inner.StatesTranspose;

    internal override Tensor Product(Tensor x) =>
        Tensor.Concat([Flat(inner.Product(Tensor.Reshape(x, inner.Input.Shape))), damping * x], 0);

    internal override Tensor TransposedProduct(Tensor w)
    {
        Tensor upper = Tensor.Reshape(Tensor.Slice(w, 0, 0, equations), inner.Output.Shape);
        return Flat(inner.TransposedProduct(upper)) + (damping * Tensor.Slice(w, 0, equations, w.Length));
    }

    /// <summary>b over zero.</summary>
    public Tensor Extend(Tensor b) => Tensor.Concat([b, Tensor.Zeros(Input.Shape, b.DType)], 0);

    private static Tensor Flat(Tensor x) => Tensor.Reshape(x, [x.Length]);
}
