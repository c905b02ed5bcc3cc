using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// xʸ, elementwise, broadcasting: NaN for a negative base and an exponent that is not whole. The derivative by x is y·xʸ⁻¹, which is 0 where
    /// y = 0; the derivative by y is xʸ·log x, which is taken as 0 where x = 0.
    /// </summary>
    /// <param name="x">The base: any shape, floating-point.</param>
    /// <param name="y">The exponent: a shape that broadcasts with x's. A plain number is treated as by <see cref="Pow(Tensor, double)"/>.</param>
    /// <exception cref="TensorException">The shapes do not broadcast, or the elements are not floating-point numbers.</exception>
    public static Tensor Pow(Tensor x, Tensor y) =>
        y.Op is LiteralOp literal ? Pow(x, literal.Number) : Operate(PowOp.Instance, x, y);

    private sealed record PowOp : BinaryOp
    {
        public static readonly PowOp Instance = new();

        public override string Name => "pow";

        public override Scalar Body(Scalar a, Scalar b) => a.Apply(BinaryIntrinsic.Power, b);

        public override Tensor? Scaled(int input, Tensor result, Tensor w)
        {
            Tensor x = result.Inputs[0];
            Tensor y = result.Inputs[1];
            if (input == 0)
                return w * (y * Pow(x, Where(Equal(y, 0.0), 1.0, y - 1.0)));
            Tensor isZero = Equal(x, 0.0);
            return Where(isZero, 0.0, w * (result * Log(Where(isZero, 1.0, x))));
        }
    }
}
