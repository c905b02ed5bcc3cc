using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>What reductions share.</summary>
internal static class Reducing
{
    extension(IEmitter emitter)
    {
        /// <summary>
        /// Combines a body over some axes. Its first operand is the input, its second, if there is one, a contiguous value per element of
        /// the result.
        /// </summary>
        public View Reduce(
            Reduction reduction,
            Scalar body,
            ValueArray<int> along,
            TensorType result,
            View input,
            params ReadOnlySpan<View> perResult
        )
        {
            int[] order = [.. Kept(input.Shape.Rank, along.Span), .. along];
            int[] strides = [.. order.Select(axis => input.Map.Strides[axis])];
            var operands = new List<Operand>
            {
                new(input.Slot, input.Map with { Strides = new ValueArray<int>(strides) }),
            };
            foreach (View view in perResult)
                operands.Add(
                    new Operand(
                        view.Slot,
                        new IndexMap(view.Map.Offset, [.. view.Map.Strides, .. new int[along.Count]])
                    )
                );
            View output = emitter.Fresh(result.DType, result.Shape);
            emitter.Emit(
                new Reduce(
                    order.Select(axis => input.Shape[axis]).ToArray(),
                    result.Shape.Rank,
                    reduction,
                    body,
                    [.. operands],
                    output.Operand
                )
            );
            return output;
        }
    }

    /// <summary>The axes that remain.</summary>
    public static int[] Kept(int rank, ReadOnlySpan<int> along)
    {
        var kept = new List<int>(rank);
        for (int axis = 0; axis < rank; axis++)
            if (!along.Contains(axis))
                kept.Add(axis);
        return [.. kept];
    }

    /// <summary>The shape with extents of 1 at some axes.</summary>
    public static Shape WithOnes(Shape shape, ReadOnlySpan<int> along)
    {
        int[] extents = shape.ToArray();
        foreach (int axis in along)
            extents[axis] = 1;
        return extents;
    }
}
