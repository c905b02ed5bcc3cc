using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The sign of x: −1, 0 or 1, elementwise. The derivative is 0.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <returns>The shape and element type of x.</returns>
    /// <exception cref="TensorException">The elements are not numbers.</exception>
    public static Tensor Sign(Tensor x) => Apply(SignOp.Instance, x);

    private sealed record SignOp : UnaryOp
    {
        public static readonly SignOp Instance = new();

        public override string Name => "sign";

        public override DType ResultOf(DType operand) => Arithmetic.Numeric(Name, operand);

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Sign);

        public override Tensor? Derivative(Tensor x, Tensor y) => null;
    }
}
