using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// A part: for each axis in turn one place, which drops the axis, or a range. Axes that are not mentioned are taken whole.
    /// </summary>
    /// <param name="at">As in <c>t[0]</c>, <c>t[^1]</c>, <c>t[1..3, ..]</c>, <c>t[.., 0]</c>, <c>t[AxisIndex.Every(null, null, 2)]</c>.</param>
    /// <returns>A tensor, without copying.</returns>
    /// <exception cref="TensorException">An index or range is outside its axis, or there are more of them than axes.</exception>
    public Tensor this[params AxisIndex[] at] => SliceAxes(this, at);

    /// <summary>Every <paramref name="step"/>-th place of an axis, from one bound to another.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="start">The first place; negative counts from the end; null is the first in the direction of the step.</param>
    /// <param name="stop">The place before which to stop; null is past the last.</param>
    /// <param name="step">Not zero; negative walks backwards.</param>
    /// <exception cref="TensorException">A bound is outside the axis, or the step is zero.</exception>
    public static Tensor Slice(Tensor x, int axis, int? start = null, int? stop = null, int step = 1)
    {
        var at = new AxisIndex[Axes.Normalise("slice", axis, x.Rank) + 1];
        Array.Fill(at, AxisIndex.All);
        at[^1] = AxisIndex.Every(start, stop, step);
        return SliceAxes(x, at);
    }

    /// <summary>One place of an axis, which is then gone.</summary>
    /// <param name="x">Rank 1 or more.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <param name="place">The place; negative counts from the end.</param>
    /// <exception cref="TensorException">There is no such place.</exception>
    public static Tensor Index(Tensor x, int axis, int place)
    {
        var at = new AxisIndex[Axes.Normalise("index", axis, x.Rank) + 1];
        Array.Fill(at, AxisIndex.All);
        at[^1] = place;
        return SliceAxes(x, at);
    }

    /// <summary>Reverses the order along axes; along all of them if none is named.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor Flip(Tensor x, params ReadOnlySpan<int> axes)
    {
        var at = new AxisIndex[x.Rank];
        Array.Fill(at, AxisIndex.All);
        foreach (int axis in Axes.Normalise("flip", axes, x.Rank))
            at[axis] = AxisIndex.Every(null, null, -1);
        return SliceAxes(x, at);
    }

    /// <summary>The places <c>starts[a] + i·steps[a]</c> of each axis a, all known to lie within x.</summary>
    private static Tensor Strided(Tensor x, int[] starts, int[] steps, Shape extents)
    {
        bool isAll = extents == x.Shape;
        for (int axis = 0; axis < steps.Length && isAll; axis++)
            isAll = steps[axis] == 1 || extents[axis] == 1;
        return isAll ? x : Apply(new SliceOp(new ValueArray<int>(starts), new ValueArray<int>(steps), extents), x);
    }

    private static Tensor SliceAxes(Tensor x, AxisIndex[] at)
    {
        if (at.Length > x.Rank)
            Throw.Error(
                "index",
                $"there must be at most one index for each of the {x.Rank} axes",
                $"{at.Length} for {x.Type}"
            );
        int[] starts = new int[x.Rank];
        int[] steps = new int[x.Rank];
        int[] extents = x.Shape.ToArray();
        Array.Fill(steps, 1);
        int places = 0;
        for (int axis = 0; axis < at.Length; axis++)
        {
            (starts[axis], steps[axis], extents[axis]) = at[axis].Resolve("index", axis, x.Shape);
            places += at[axis].IsPlace ? 1 : 0;
        }
        Tensor part = Strided(x, starts, steps, extents);
        return places == 0 ? part : Reshape(part, WithoutPlaces(extents, at, places));
    }

    private static int[] WithoutPlaces(int[] extents, AxisIndex[] at, int places)
    {
        int[] kept = new int[extents.Length - places];
        int next = 0;
        for (int axis = 0; axis < extents.Length; axis++)
            if (axis >= at.Length || !at[axis].IsPlace)
                kept[next++] = extents[axis];
        return kept;
    }

    /// <summary>The tensor whose consecutive parts along an axis, from the first to the last, these are; null if they are not.</summary>
    private static Tensor? Unsplit(Tensor[] parts, int axis)
    {
        if (parts[0] is not { Op: SliceOp, InputArray: [Tensor whole] })
            return null;
        int start = 0;
        foreach (Tensor part in parts)
        {
            bool isNext =
                part is { Op: SliceOp slice, InputArray: [Tensor source] }
                && ReferenceEquals(source, whole)
                && slice.IsPartOf(whole.Shape, axis, start);
            if (!isNext)
                return null;
            start += part.Shape[axis];
        }
        return start == whole.Shape[axis] ? whole : null;
    }

    private sealed record SliceOp(ValueArray<int> Starts, ValueArray<int> Steps, Shape Extents) : LinearOp
    {
        public override string Name => "slice";

        public override bool IsView => true;

        /// <summary>Whether it takes a range of one axis from a place on, and all of the others.</summary>
        public bool IsPartOf(Shape shape, int axis, int start)
        {
            for (int i = 0; i < shape.Rank; i++)
                if (Steps[i] != 1 || Starts[i] != (i == axis ? start : 0) || (i != axis && Extents[i] != shape[i]))
                    return false;
            return true;
        }

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => new(inputs[0].DType, Extents);

        public override Tensor Transpose(Tensor cotangent, TensorType input) =>
            Apply(new PlaceOp(Starts, Steps, input.Shape, new LiteralOp(0.0)), cotangent);

        public override Op? OfItem(Shape result) =>
            Starts[0] == 0 && Steps[0] == 1 ? this with { Extents = result } : null;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(new SliceOp([0, .. Starts.Span], [1, .. Steps.Span], Extents.Prepend(size)), inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            inputs[0].Part(Starts.Span, Steps.Span, Extents);
    }
}
