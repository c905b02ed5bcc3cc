using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether a and b, elementwise, broadcasting.</summary>
    /// <param name="a">Truth values of any shape.</param>
    /// <param name="b">Truth values of a shape that broadcasts with a's.</param>
    /// <exception cref="TensorException">The elements are not truth values.</exception>
    public static Tensor And(Tensor a, Tensor b) => Operate(AndOp.Instance, a, b);

    /// <summary>Whether a and b, elementwise: <see cref="And"/>.</summary>
    /// <param name="a">Truth values of any shape.</param>
    /// <param name="b">Truth values of a shape that broadcasts with a's.</param>
    public static Tensor operator &(Tensor a, Tensor b) => And(a, b);

    private sealed record AndOp() : BinaryOp(keepsFloats: false)
    {
        public static readonly AndOp Instance = new();

        public override string Name => "and";

        public override DType ResultOf(DType operand) => Arithmetic.Truth(Name, operand);

        public override Scalar Body(Scalar a, Scalar b) => a.Apply(BinaryIntrinsic.And, b);

        public override Tensor? Scaled(int input, Tensor result, Tensor w) => null;
    }
}
