using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The same elements, row-major, in another shape.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">A shape with as many elements.</param>
    /// <exception cref="TensorException">The numbers of elements differ.</exception>
    public static Tensor Reshape(Tensor x, Shape shape)
    {
        if (x.Shape == shape)
            return x;
        Throw.Unless(x.Length == shape.Length, "reshape", "the number of elements must stay", $"{x.Shape} to {shape}");
        return Apply(new ReshapeOp(shape), x);
    }

    /// <summary>The same elements, row-major, in another shape: <c>Reshape(x, [batch, -1])</c>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="extents">One per axis; at most one may be −1, which is what the others leave of the elements.</param>
    /// <exception cref="TensorException">The numbers of elements differ, or leave no extent for −1.</exception>
    internal static Tensor ReshapeFilling(Tensor x, ReadOnlySpan<int> extents)
    {
        int place = extents.IndexOf(-1);
        if (place < 0)
            return Reshape(x, Shape.Create(extents));
        Throw.Unless(
            extents.IndexOfAnyInRange(int.MinValue, -1) == place
                && extents.LastIndexOfAnyInRange(int.MinValue, -1) == place,
            "reshape",
            "at most one extent may be -1, and no other negative",
            Shape.Text(extents)
        );
        int[] filled = extents.ToArray();
        filled[place] = 1;
        int others = Shape.Create(filled).Length;
        Throw.Unless(
            others > 0 && x.Length % others == 0,
            "reshape",
            "the other extents must divide the number of elements, for -1 to stand for what they leave",
            $"{x.Shape} to {Shape.Text(extents)}"
        );
        filled[place] = x.Length / others;
        return Reshape(x, Shape.Create(filled));
    }

    private sealed record ReshapeOp(Shape To) : LinearOp
    {
        public override string Name => "reshape";

        public override bool IsView => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => new(inputs[0].DType, To);

        public override Tensor Transpose(Tensor cotangent, TensorType input) =>
            IsSpacing(input.Shape.Span, To.Span)
                ? Selection.Move(cotangent, static (x, shape) => Reshape(x, shape), input.Shape)
                : Reshape(cotangent, input.Shape);

        public override Op? OfItem(Shape result) => new ReshapeOp(result);

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Reshape(inputs[0], To.Prepend(size));

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            Strides(inputs[0], To) is { } strides
                ? inputs[0] with
                {
                    Shape = To,
                    Map = inputs[0].Map with { Strides = new ValueArray<int>(strides) },
                }
                : emitter.Contiguous(inputs[0]) with
                {
                    Shape = To,
                    Map = IndexMap.Contiguous(To),
                };

        /// <summary>Whether shapes differ by axes of extent 1 alone, so that every view of the one is a view of the other.</summary>
        private static bool IsSpacing(ReadOnlySpan<int> a, ReadOnlySpan<int> b)
        {
            int next = 0;
            foreach (int extent in a)
            {
                if (extent == 1)
                    continue;
                while (next < b.Length && b[next] == 1)
                    next++;
                if (next == b.Length || b[next++] != extent)
                    return false;
            }
            return b[next..].TrimStart(1).IsEmpty;
        }

        /// <summary>
        /// The strides by which the new shape walks the old view in order, or null if it has to be copied. Axes are matched in
        /// groups of equal products; within a group the old axes must lie without gaps.
        /// </summary>
        private static int[]? Strides(View view, Shape to)
        {
            if (view.Shape.Length == 0)
                return IndexMap.RowMajor(to);
            int[] strides = new int[to.Rank];
            int from = 0;
            int into = 0;
            while (into < to.Rank || from < view.Shape.Rank)
            {
                int firstFrom = from;
                int firstInto = into;
                int have = from < view.Shape.Rank ? view.Shape[from++] : 1;
                int want = into < to.Rank ? to[into++] : 1;
                while (have != want)
                    if (have < want)
                        have *= view.Shape[from++];
                    else
                        want *= to[into++];
                if (GroupStride(view, firstFrom, from) is not { } stride)
                    return null;
                for (int axis = into - 1; axis >= firstInto; axis--)
                {
                    strides[axis] = stride;
                    stride *= to[axis];
                }
            }
            return strides;
        }

        /// <summary>The stride of the innermost axis of a group that lies without gaps; null if it has gaps.</summary>
        private static int? GroupStride(View view, int first, int end)
        {
            int? innermost = null;
            int expected = 0;
            for (int axis = end - 1; axis >= first; axis--)
            {
                if (view.Shape[axis] == 1)
                    continue;
                int stride = view.Map.Strides[axis];
                if (innermost is null)
                    innermost = stride;
                else if (stride != expected)
                    return null;
                expected = stride * view.Shape[axis];
            }
            return innermost ?? 1;
        }
    }
}
