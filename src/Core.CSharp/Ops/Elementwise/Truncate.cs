using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>x without its fraction, towards zero, elementwise. The derivative is 0.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <returns>The shape and element type of x; integers stay as they are.</returns>
    /// <exception cref="TensorException">The elements are not numbers.</exception>
    public static Tensor Truncate(Tensor x) => x.DType == DType.Int64 ? x : Apply(TruncateOp.Instance, x);

    private sealed record TruncateOp : UnaryOp
    {
        public static readonly TruncateOp Instance = new();

        public override string Name => "truncate";

        public override Scalar Body(Scalar x) =>
            new Scalar.Select(
                x.Apply(BinaryIntrinsic.Less, x.Number(0.0)),
                x.Apply(UnaryIntrinsic.Ceiling),
                x.Apply(UnaryIntrinsic.Floor)
            );

        public override Tensor? Derivative(Tensor x, Tensor y) => null;
    }
}
