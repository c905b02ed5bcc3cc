using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The integer nearest to x, halves to even, elementwise. The derivative is 0.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <returns>The shape and element type of x; integers stay as they are.</returns>
    /// <exception cref="TensorException">The elements are not numbers.</exception>
    public static Tensor Round(Tensor x) => x.DType == DType.Int64 ? x : Apply(RoundOp.Instance, x);

    private sealed record RoundOp : UnaryOp
    {
        public static readonly RoundOp Instance = new();

        public override string Name => "round";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Round);

        public override Tensor? Derivative(Tensor x, Tensor y) => null;
    }
}
