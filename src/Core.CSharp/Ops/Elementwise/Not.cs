using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether x does not hold, elementwise.</summary>
    /// <param name="x">Truth values of any shape.</param>
    /// <exception cref="TensorException">The elements are not truth values.</exception>
    public static Tensor Not(Tensor x) => Apply(NotOp.Instance, x);

    /// <summary>Whether x does not hold, elementwise: <see cref="Not"/> (in F#, <c>~~~</c>).</summary>
    /// <param name="x">Truth values of any shape.</param>
    public static Tensor operator !(Tensor x) => Not(x);

    private sealed record NotOp : UnaryOp
    {
        public static readonly NotOp Instance = new();

        public override string Name => "not";

        public override DType ResultOf(DType operand) => Arithmetic.Truth(Name, operand);

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Not);

        public override Tensor? Derivative(Tensor x, Tensor y) => null;
    }
}
