using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether a or b, or both, elementwise, broadcasting.</summary>
    /// <param name="a">Truth values of any shape.</param>
    /// <param name="b">Truth values of a shape that broadcasts with a's.</param>
    /// <exception cref="TensorException">The elements are not truth values.</exception>
    public static Tensor Or(Tensor a, Tensor b) => Operate(OrOp.Instance, a, b);

    /// <summary>Whether a or b, or both, elementwise: <see cref="Or"/>.</summary>
    /// <param name="a">Truth values of any shape.</param>
    /// <param name="b">Truth values of a shape that broadcasts with a's.</param>
    public static Tensor operator |(Tensor a, Tensor b) => Or(a, b);

    private sealed record OrOp() : BinaryOp(keepsFloats: false)
    {
        public static readonly OrOp Instance = new();

        public override string Name => "or";

        public override DType ResultOf(DType operand) => Arithmetic.Truth(Name, operand);

        public override Scalar Body(Scalar a, Scalar b) => a.Apply(BinaryIntrinsic.Or, b);

        public override Tensor? Scaled(int input, Tensor result, Tensor w) => null;
    }
}
