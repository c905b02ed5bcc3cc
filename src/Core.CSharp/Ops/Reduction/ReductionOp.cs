using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>An operation that combines the elements along some axes, which then are gone.</summary>
internal abstract record ReductionOp(ValueArray<int> Along) : Op
{
    /// <summary>How the kernel combines.</summary>
    public abstract Reduction Reduction { get; }

    /// <summary>The same operation along other axes.</summary>
    public abstract ReductionOp AlongAxes(ValueArray<int> axes);

    public virtual DType ResultOf(DType operand) => Arithmetic.Numeric(Name, operand);

    public sealed override TensorType Infer(ReadOnlySpan<TensorType> inputs)
    {
        var kept = new List<int>();
        for (int axis = 0; axis < inputs[0].Shape.Rank; axis++)
            if (!Along.Span.Contains(axis))
                kept.Add(inputs[0].Shape[axis]);
        return new TensorType(ResultOf(inputs[0].DType), kept.ToArray());
    }

    public sealed override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Tensor.Apply(AlongAxes([.. Along.ToArray().Select(axis => axis + 1)]), inputs[0]);

    public sealed override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
    {
        View input = inputs[0];
        int[] order =
        [
            .. Enumerable.Range(0, input.Shape.Rank).Where(axis => !Along.Span.Contains(axis)),
            .. Along.ToArray(),
        ];
        Shape domain = order.Select(axis => input.Shape[axis]).ToArray();
        int[] strides = [.. order.Select(axis => input.Map.Strides[axis])];
        View output = emitter.Fresh(result.DType, result.Shape);
        emitter.Emit(
            new Reduce(
                domain,
                result.Shape.Rank,
                Reduction,
                new Scalar.Input(0, input.DType),
                [new Operand(input.Slot, input.Map with { Strides = new ValueArray<int>(strides) })],
                output.Operand
            )
        );
        return output;
    }

    /// <summary>A value of the result's shape with the reduced axes back, as extents of 1.</summary>
    protected Tensor Unreduced(Tensor reduced, Shape shape)
    {
        int[] extents = shape.ToArray();
        foreach (int axis in Along)
            extents[axis] = 1;
        return Tensor.Reshape(reduced, extents);
    }
}
