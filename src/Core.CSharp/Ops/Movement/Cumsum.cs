using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Running sums: place i of the axis holds the sum of the places 0 … i.</summary>
    /// <param name="x">Rank 1 or more, numbers.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    public static Tensor Cumsum(Tensor x, int axis = 0) =>
        Apply(new CumsumOp(Axes.Normalise("cumsum", axis, x.Rank)), x);

    private sealed record CumsumOp(int Axis) : LinearOp
    {
        public override string Name => "cumsum";

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            Arithmetic.Numeric(Name, inputs[0].DType);
            return inputs[0];
        }

        public override Tensor Transpose(Tensor cotangent, TensorType input) =>
            Flip(Cumsum(Flip(cotangent, Axis), Axis), Axis);

        public override Op? OfItem(Shape result) => Axis == 0 ? null : this;

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Cumsum(inputs[0], Axis + 1);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View output = emitter.Fresh(result.DType, result.Shape);
            View last = Last(inputs[0]);
            emitter.Emit(new Accumulate(last.Shape, last.Operand, Last(output).Operand));
            return output;
        }

        /// <summary>The view with the axis moved to the end.</summary>
        private View Last(View view) =>
            view with
            {
                Shape = view.Shape.Without(Axis).Concat([view.Shape[Axis]]),
                Map = view.Map with { Strides = [.. Others(view.Map.Strides.Span), view.Map.Strides[Axis]] },
            };

        private int[] Others(ReadOnlySpan<int> strides) => [.. strides[..Axis], .. strides[(Axis + 1)..]];
    }
}
