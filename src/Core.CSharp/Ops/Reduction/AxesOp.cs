using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>An operation over some axes, which then are gone.</summary>
internal abstract record AxesOp(ValueArray<int> Along) : Op
{
    /// <summary>The element type of the result.</summary>
    public virtual DType ResultOf(DType operand) => Arithmetic.Numeric(Name, operand);

    /// <summary>Whether there is no result for no elements.</summary>
    protected virtual bool NeedsElements => false;

    public sealed override TensorType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Shape shape = inputs[0].Shape;
        var kept = new List<int>();
        for (int axis = 0; axis < shape.Rank; axis++)
            if (!Along.Span.Contains(axis))
                kept.Add(shape[axis]);
            else if (shape[axis] == 0 && NeedsElements)
                Throw.Error(Name, "there must be an element to reduce", $"{shape} along axis {axis}");
        return new TensorType(ResultOf(inputs[0].DType), kept.ToArray());
    }

    public sealed override Op? OfItem(Shape result) => Along.Span.Contains(0) ? null : this;

    public sealed override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Tensor.Apply(this with { Along = [.. Along.ToArray().Select(axis => axis + 1)] }, inputs[0]);

    /// <summary>A value of the result's shape with the reduced axes back, as extents of 1.</summary>
    protected Tensor Unreduced(Tensor reduced, Shape shape) =>
        Tensor.Reshape(reduced, Reducing.WithOnes(shape, Along.Span));
}
