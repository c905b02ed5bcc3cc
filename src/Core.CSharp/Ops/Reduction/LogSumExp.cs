using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// log Σ eˣ along axes, which are then gone; along all of them if none is named. It cannot overflow, and is −∞ where all elements are. The derivative is
    /// the softmax, taken as 0 where all elements are −∞.
    /// </summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not floating-point.</exception>
    public static Tensor LogSumExp(Tensor x, params ReadOnlySpan<int> axes) =>
        Apply(new LogSumExpOp(Along("logSumExp", x, axes)), x);

    /// <inheritdoc cref="LogSumExp(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor LogSumExp(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(LogSumExp(x, axes), x, keepDims, axes);

    private sealed record LogSumExpOp(ValueArray<int> Along) : AxesOp(Along)
    {
        public override string Name => "logSumExp";

        protected override bool NeedsElements => true;

        public override DType ResultOf(DType operand) => Arithmetic.Float(Name, operand);

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) =>
            [Unreduced(cotangent, result.Inputs[0].Shape) * Weights(result)];

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
            Sum(tangents[0]! * Weights(result), Along.Span);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            var x = new Scalar.Input(0, result.DType);
            var second = new Scalar.Input(1, result.DType);
            View largest = emitter.Reduce(Reduction.Maximum, x, Along, result, inputs[0]);
            Scalar isFinite = x.Apply(UnaryIntrinsic.Abs)
                .Apply(BinaryIntrinsic.Less, x.Number(double.PositiveInfinity));
            View shift = emitter.Map(result, new Scalar.Select(isFinite, x, x.Number(0.0)), largest);
            View total = emitter.Reduce(
                Reduction.Sum,
                (x - second).Apply(UnaryIntrinsic.Exp),
                Along,
                result,
                inputs[0],
                shift
            );
            return emitter.Map(result, x + second.Apply(UnaryIntrinsic.Log), shift, total);
        }

        /// <summary>The softmax of the input.</summary>
        private Tensor Weights(Tensor result)
        {
            Tensor x = result.Inputs[0];
            Tensor shift = Where(Equal(result, double.NegativeInfinity), 0.0, result);
            return Exp(x - Unreduced(shift, x.Shape));
        }
    }
}
