using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The smallest integer not below x, elementwise. The derivative is 0.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <returns>The shape and element type of x; integers stay as they are.</returns>
    /// <exception cref="TensorException">The elements are not numbers.</exception>
    public static Tensor Ceiling(Tensor x) => x.DType == DType.Int64 ? x : Apply(CeilingOp.Instance, x);

    private sealed record CeilingOp : UnaryOp
    {
        public static readonly CeilingOp Instance = new();

        public override string Name => "ceil";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Ceiling);

        public override Tensor? Derivative(Tensor x, Tensor y) => null;
    }
}
