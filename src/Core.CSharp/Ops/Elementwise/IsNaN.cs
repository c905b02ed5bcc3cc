using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether x is not a number, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>Truth values of the shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor IsNaN(Tensor x) => Apply(IsNaNOp.Instance, x);

    private sealed record IsNaNOp : UnaryOp
    {
        public static readonly IsNaNOp Instance = new();

        public override string Name => "isNaN";

        public override DType ResultOf(DType operand)
        {
            base.ResultOf(operand);
            return DType.Bool;
        }

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.IsNaN);

        public override Tensor? Derivative(Tensor x, Tensor y) => null;
    }
}
