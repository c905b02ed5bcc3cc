using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Surrounds with a constant.</summary>
    /// <param name="x">Rank n.</param>
    /// <param name="before">n counts: how many places to add in front of each axis.</param>
    /// <param name="after">n counts: how many places to add behind.</param>
    /// <param name="value">What to fill them with.</param>
    /// <returns>The extent of axis i is <c>before[i] + x.Shape[i] + after[i]</c>.</returns>
    /// <exception cref="TensorException">
    /// There is not one count per axis, or one is negative; or x is int64 and the value is not.
    /// </exception>
    public static Tensor Pad(Tensor x, ReadOnlySpan<int> before, ReadOnlySpan<int> after, double value = 0.0)
    {
        Throw.Unless(
            before.Length == x.Rank && after.Length == x.Rank,
            "pad",
            $"there must be one count before and one after for each of the {x.Rank} axes",
            $"{before.Length} and {after.Length}"
        );
        RequireHeld("pad", value, x.DType);
        int[] extents = x.Shape.ToArray();
        for (int axis = 0; axis < extents.Length; axis++)
        {
            if (before[axis] < 0 || after[axis] < 0)
                Throw.Error("pad", "counts must not be negative", $"({before[axis]}, {after[axis]}) for axis {axis}");
            extents[axis] = Axes.Extent("pad", (long)extents[axis] + before[axis] + after[axis]);
        }
        int[] steps = new int[x.Rank];
        Array.Fill(steps, 1);
        return Place(x, before.ToArray(), steps, extents, value);
    }

    /// <summary>x at the places <c>starts[a] + i·steps[a]</c> of a larger tensor, and one number everywhere else.</summary>
    private static Tensor Place(Tensor x, int[] starts, int[] steps, Shape shape, double fill = 0.0) =>
        shape == x.Shape
            ? Strided(x, starts, steps, shape)
            : Apply(
                new PlaceOp(new ValueArray<int>(starts), new ValueArray<int>(steps), shape, new LiteralOp(fill)),
                x
            );

    /// <summary>The transpose of a slice; with a fill other than zero, an affine operation of which that is the linear part.</summary>
    private sealed record PlaceOp(ValueArray<int> Starts, ValueArray<int> Steps, Shape To, LiteralOp Fill) : Op
    {
        public override string Name => "place";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0];

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => new(inputs[0].DType, To);

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
            [Apply(new SliceOp(Starts, Steps, result.Inputs[0].Shape), cotangent)];

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
            Apply(this with { Fill = new LiteralOp(0.0) }, tangents[0]!);

        public override Op? OfItem(Shape result) => Starts[0] == 0 && Steps[0] == 1 ? this with { To = result } : null;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(new PlaceOp([0, .. Starts.Span], [1, .. Steps.Span], To.Prepend(size), Fill), inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Map(result, new Scalar.Constant(Fill.Number, result.DType));
            emitter.Copy(inputs[0], output.Part(Starts.Span, Steps.Span, inputs[0].Shape));
            return output;
        }
    }
}
