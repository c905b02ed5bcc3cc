using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// x brought into [low, high]: min(max(x, low), high), elementwise, broadcasting. The derivative passes to x inside and at the bounds, and
    /// to the bound outside.
    /// </summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, not below the lower one.</param>
    /// <exception cref="TensorException">
    /// The shapes do not broadcast, the element types differ, or plain numbers are given of which the lower is above the upper.
    /// </exception>
    public static Tensor Clamp(Tensor x, Tensor low, Tensor high)
    {
        RequireAscending("clamp", low, high);
        return Apply(ClampOp.Instance, x, Adapted("clamp", low, x).Item1, Adapted("clamp", high, x).Item1);
    }

    /// <summary>Checks the order of bounds that are plain numbers.</summary>
    private static void RequireAscending(string op, Tensor low, Tensor high)
    {
        if (low.Op is LiteralOp { Number: double from } && high.Op is LiteralOp { Number: double to } && !(from <= to))
            Throw.Error(op, "the lower bound must not be above the upper one", $"{from} and {to}");
    }

    private sealed record ClampOp : ElementwiseOp
    {
        public static readonly ClampOp Instance = new();

        public override string Name => "clamp";

        public override DType ResultOf(DType operand) => Arithmetic.Numeric(Name, operand);

        public override Scalar Body(ReadOnlySpan<Scalar> x) =>
            x[0].Apply(BinaryIntrinsic.Maximum, x[1]).Apply(BinaryIntrinsic.Minimum, x[2]);

        public override Tensor? Scaled(int input, Tensor result, Tensor w)
        {
            Tensor x = result.Inputs[0];
            Tensor isBelow = x < result.Inputs[1];
            Tensor isAbove = x > result.Inputs[2];
            return input switch
            {
                0 => Where(isBelow | isAbove, 0.0, w),
                1 => Where(isBelow, w, 0.0),
                _ => Where(isAbove, w, 0.0),
            };
        }
    }
}
