using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// Windows that slide along an axis, without copying: window p holds the places <c>p·stride + i·dilation</c> for i = 0 … size − 1.
    /// </summary>
    /// <param name="x">[…, n, …].</param>
    /// <param name="axis">The axis to slide along; negative counts from the end.</param>
    /// <param name="size">Places in a window.</param>
    /// <param name="stride">Places from a window to the next.</param>
    /// <param name="dilation">Places from an element of a window to the next.</param>
    /// <returns>
    /// […, count, …, size]: the windows stand where the axis was, their elements last; count = ⌊(n − (size − 1)·dilation − 1) / stride⌋ + 1.
    /// </returns>
    /// <exception cref="TensorException">No window fits the axis, or a number is less than 1.</exception>
    /// <remarks>PyTorch's <c>unfold</c> of a tensor; its transpose is <see cref="OverlapAdd"/>.</remarks>
    public static Tensor Windows(Tensor x, int axis, int size, int stride = 1, int dilation = 1)
    {
        var slide = new Slide(Axes.Normalise("windows", axis, x.Rank), size, stride, dilation);
        slide.Require("windows", x.Shape[slide.Axis]);
        return Apply(new WindowsOp(slide), x);
    }

    private sealed record WindowsOp(Slide Slide) : LinearOp
    {
        public override string Name => "windows";

        public override bool IsView => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) =>
            new(inputs[0].DType, Slide.Windows(inputs[0].Shape));

        public override Tensor Transpose(Tensor cotangent, TensorType input) =>
            Apply(new OverlapAddOp(Slide, input.Shape[Slide.Axis]), cotangent);

        public override Op? OfItem(Shape result) => Slide.Axis == 0 ? null : this;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(new WindowsOp(Slide with { Axis = Slide.Axis + 1 }), inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result) =>
            Slide.Windows(inputs[0]);
    }
}
