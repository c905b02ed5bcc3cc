using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>|x|, elementwise. The derivative is the sign of x: 0 at 0.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <returns>The shape and element type of x.</returns>
    /// <exception cref="TensorException">The elements are not numbers.</exception>
    public static Tensor Abs(Tensor x) => Apply(AbsOp.Instance, x);

    private sealed record AbsOp : UnaryOp
    {
        public static readonly AbsOp Instance = new();

        public override string Name => "abs";

        public override DType ResultOf(DType operand) => Arithmetic.Numeric(Name, operand);

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Abs);

        public override Tensor? Derivative(Tensor x, Tensor y) => Sign(x);
    }
}
