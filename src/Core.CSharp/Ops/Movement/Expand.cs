using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Repeats along axes of extent 1, and along new axes in front, without copying.</summary>
    /// <param name="x">A shape that broadcasts to <paramref name="shape"/>.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <exception cref="TensorException">The shape of x does not broadcast to it.</exception>
    public static Tensor Expand(Tensor x, Shape shape)
    {
        if (x.Shape == shape)
            return x;
        Throw.Unless(
            Broadcasting.Fits(x.Shape, shape),
            "expand",
            "the shape must broadcast to the wanted one",
            $"{x.Shape} and {shape}"
        );
        return Apply(new ExpandOp(shape), x);
    }

    /// <summary>The transpose of <see cref="Expand"/>: sums over what broadcasting repeats.</summary>
    internal static Tensor SumTo(Tensor x, Shape shape)
    {
        if (x.Shape == shape)
            return x;
        int extra = x.Rank - shape.Rank;
        var repeated = new List<int>();
        for (int axis = 0; axis < x.Rank; axis++)
            if (axis < extra || (shape[axis - extra] == 1 && x.Shape[axis] != 1))
                repeated.Add(axis);
        return Reshape(repeated.Count == 0 ? x : Sum(x, [.. repeated]), shape);
    }

    private sealed record ExpandOp(Shape To) : LinearOp
    {
        public override string Name => "expand";

        public override bool IsView => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => new(inputs[0].DType, To);

        public override Tensor Transpose(Tensor cotangent, TensorType input) => SumTo(cotangent, input.Shape);

        public override Op? OfItem(Shape result) => new ExpandOp(result);

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Expand(Batching.PadRank(inputs[0], To.Rank), To.Prepend(size));

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            inputs[0] with
            {
                Shape = To,
                Map = inputs[0].Over(To).Map,
            };
    }
}
