using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Graph;

/// <summary>Where a lowered value lies: a slot seen through an index map.</summary>
internal readonly record struct View(int Slot, DType DType, Shape Shape, IndexMap Map)
{
    public Operand Operand => new(Slot, Map);

    public bool IsContiguous => Map.IsContiguous(Shape);

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

        /// <summary>The same elements without gaps: the view itself if it has none.</summary>
        public View Contiguous(View view) =>
            view.IsContiguous
                ? view
                : emitter.Map(new TensorType(view.DType, view.Shape), new Scalar.Input(0, view.DType), view);
    }
}
