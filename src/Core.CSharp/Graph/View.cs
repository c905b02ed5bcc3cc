using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Graph;

/// <summary>Where a lowered value lies: a slot seen through an index map.</summary>
internal readonly record struct View(int Slot, DType DType, Shape Shape, IndexMap Map)
{
    public Operand Operand => new(Slot, Map);

    public bool IsContiguous => Map.IsContiguous(Shape);

    /// <summary>The places <c>starts[a] + i·steps[a]</c> of each axis a.</summary>
    public View Part(ReadOnlySpan<int> starts, ReadOnlySpan<int> steps, Shape extents)
    {
        int offset = Map.Offset;
        int[] strides = new int[extents.Rank];
        for (int axis = 0; axis < strides.Length; axis++)
        {
            offset += starts[axis] * Map.Strides[axis];
            strides[axis] = steps[axis] * Map.Strides[axis];
        }
        return this with { Shape = extents, Map = new IndexMap(offset, new ValueArray<int>(strides)) };
    }

    /// <summary>The axes in another order: axis i is axis <c>order[i]</c> of this view.</summary>
    public View Permuted(ReadOnlySpan<int> order)
    {
        int[] extents = new int[order.Length];
        int[] strides = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            (extents[i], strides[i]) = (Shape[order[i]], Map.Strides[order[i]]);
        return this with { Shape = extents, Map = Map with { Strides = new ValueArray<int>(strides) } };
    }

    /// <summary>The operand over a larger domain to which this view's shape broadcasts.</summary>
    public Operand Over(Shape domain)
    {
        if (domain == Shape)
            return Operand;
        int[] strides = new int[domain.Rank];
        int missing = domain.Rank - Shape.Rank;
        for (int axis = missing; axis < domain.Rank; axis++)
            strides[axis] = Shape[axis - missing] == 1 ? 0 : Map.Strides[axis - missing];
        return new Operand(Slot, new IndexMap(Map.Offset, new ValueArray<int>(strides)));
    }
}

/// <summary>What an operation writes its kernels to.</summary>
internal interface IEmitter
{
    /// <summary>New contiguous memory.</summary>
    View Fresh(DType dtype, Shape shape);

    void Emit(Kernel kernel);

    /// <summary>The same elements as all there is in a slot: what a host function is given.</summary>
    View Whole(View view);

    /// <summary>Emits the kernels of a closed function and says where its results lie.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">One view per argument.</param>
    View[] Inline(Function function, ReadOnlySpan<View> arguments);
}

internal static class Emitting
{
    extension(IEmitter emitter)
    {
        /// <summary>Computes a scalar expression at each point of the shape of the result.</summary>
        public View Map(TensorType result, Scalar body, params ReadOnlySpan<View> inputs)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            var operands = new Operand[inputs.Length];
            for (int i = 0; i < operands.Length; i++)
                operands[i] = inputs[i].Over(result.Shape);
            emitter.Emit(new Map(result.Shape, body, new ValueArray<Operand>(operands), output.Operand));
            return output;
        }

        /// <summary>Copies elements to where another view of the same shape lies.</summary>
        public void Copy(View from, View to) =>
            emitter.Emit(new Map(to.Shape, new Scalar.Input(0, from.DType), [from.Over(to.Shape)], to.Operand));

        /// <summary>The same elements without gaps: the view itself if it has none.</summary>
        public View Contiguous(View view) => view.IsContiguous ? view : emitter.Copied(view);

        /// <summary>The same elements in new contiguous memory.</summary>
        public View Copied(View view) =>
            emitter.Map(new TensorType(view.DType, view.Shape), new Scalar.Input(0, view.DType), view);
    }
}
