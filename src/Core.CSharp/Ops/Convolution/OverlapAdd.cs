using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// Adds windows to an axis, each at its place: element i of window p is added at <c>p·stride + i·dilation</c>. The transpose of
    /// <see cref="Windows"/>.
    /// </summary>
    /// <param name="windows">[…, count, …, size]: the elements of the windows last.</param>
    /// <param name="axis">The axis that counts the windows; negative counts from the end.</param>
    /// <param name="extent">The extent of the result along that axis, which must hold exactly as many windows.</param>
    /// <param name="stride">Places from a window to the next.</param>
    /// <param name="dilation">Places from an element of a window to the next.</param>
    /// <returns>[…, extent, …].</returns>
    /// <exception cref="TensorException">The extent holds another number of windows, or a number is less than 1.</exception>
    public static Tensor OverlapAdd(Tensor windows, int axis, int extent, int stride = 1, int dilation = 1)
    {
        int along = Axes.Normalise("overlapAdd", axis, windows.Rank);
        Throw.Unless(
            along < windows.Rank - 1,
            "overlapAdd",
            "the windows' elements must be the last axis, after the one that counts them",
            $"axis {axis} of {windows.Type}"
        );
        var slide = new Slide(along, windows.Shape[-1], stride, dilation);
        slide.Require("overlapAdd", extent);
        Throw.Unless(
            slide.Count(extent) == windows.Shape[along],
            "overlapAdd",
            $"an extent of {extent} must hold as many windows as there are, {windows.Shape[along]}",
            $"room for {slide.Count(extent)}"
        );
        return Apply(new OverlapAddOp(slide, extent), windows);
    }

    private sealed record OverlapAddOp(Slide Slide, int Extent) : LinearOp
    {
        /// <summary>More terms in one kernel would crowd the registers.</summary>
        private const int TermsAtOnce = 16;

        public override string Name => "overlapAdd";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            Shape windows = inputs[0].Shape;
            return new TensorType(
                Arithmetic.Numeric(Name, inputs[0].DType),
                windows.Take(windows.Rank - 1).With(Slide.Axis, Extent)
            );
        }

        public override Tensor Transpose(Tensor cotangent, TensorType input) => Apply(new WindowsOp(Slide), cotangent);

        public override Op? OfItem(Shape result) => Slide.Axis == 0 ? null : this;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(new OverlapAddOp(Slide with { Axis = Slide.Axis + 1 }, Extent), inputs[0]);

        /// <summary>
        /// Axes are walked in the order in which they lie in memory: after a matrix product that is not the order of the axes.
        /// </summary>
        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View windows = inputs[0];
            int[] order = [.. Enumerable.Range(0, windows.Shape.Rank)];
            order = [.. order.OrderByDescending(axis => windows.Map.Strides[axis])];
            return Slide.Stride >= Slide.Reach
                ? Placed(emitter, windows, order, result)
                : Added(emitter, windows, order);
        }

        /// <summary>Windows that do not overlap lie side by side in the result.</summary>
        private View Placed(IEmitter emitter, View windows, int[] order, TensorType result)
        {
            View places = emitter.Map(result, new Scalar.Constant(0.0, result.DType));
            emitter.Copy(windows.Permuted(order), Slide.Windows(places).Permuted(order));
            return places;
        }

        /// <summary>
        /// Windows that overlap are spread by the stride over zeros; then each place of the result is the sum of one place for every element
        /// of a window. So sums need no scattering, and their order is fixed.
        /// </summary>
        private View Added(IEmitter emitter, View windows, int[] order)
        {
            View[] terms = Terms(Spread(emitter, windows.Permuted(order), Array.IndexOf(order, Slide.Axis)), order);
            View sum = terms[0];
            for (int next = 1; next < terms.Length; next += TermsAtOnce)
            {
                View[] summands = [sum, .. terms.AsSpan(next, Math.Min(TermsAtOnce, terms.Length - next))];
                Scalar body = new Scalar.Input(0, sum.DType);
                for (int i = 1; i < summands.Length; i++)
                    body += new Scalar.Input(i, sum.DType);
                sum = emitter.Map(new TensorType(sum.DType, sum.Shape), body, summands);
            }
            int[] kept = [.. order.Where(axis => axis < windows.Shape.Rank - 1)];
            return sum.Permuted([.. Enumerable.Range(0, kept.Length).Select(axis => Array.IndexOf(kept, axis))]);
        }

        /// <summary>Window p at reach − 1 + p·stride of the axis along which windows count, zeros elsewhere.</summary>
        private View Spread(IEmitter emitter, View windows, int along)
        {
            int[] starts = new int[windows.Shape.Rank];
            int[] steps = Ones(windows.Shape.Rank);
            (starts[along], steps[along]) = ((int)Slide.Reach - 1, Slide.Stride);
            View spread = emitter.Map(
                new TensorType(windows.DType, windows.Shape.With(along, Axes.Extent(Name, Slide.Reach - 1 + Extent))),
                new Scalar.Constant(0.0, windows.DType)
            );
            emitter.Copy(windows, spread.Part(starts, steps, windows.Shape));
            return spread;
        }

        /// <summary>What element i of the windows adds to each place of the result, for each i.</summary>
        private View[] Terms(View spread, int[] order)
        {
            int along = Array.IndexOf(order, Slide.Axis);
            int elements = Array.IndexOf(order, order.Length - 1);
            int[] kept = [.. Enumerable.Range(0, order.Length).Where(axis => axis != elements)];
            Shape extents = spread.Shape.With(along, Extent).With(elements, 1);
            var terms = new View[Slide.Size];
            for (int i = 0; i < terms.Length; i++)
            {
                int[] starts = new int[order.Length];
                (starts[along], starts[elements]) = ((int)Slide.Reach - 1 - (i * Slide.Dilation), i);
                terms[i] = spread.Part(starts, Ones(order.Length), extents).Permuted(kept);
            }
            return terms;
        }
    }
}
