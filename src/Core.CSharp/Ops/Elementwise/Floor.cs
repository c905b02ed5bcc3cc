using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The largest integer not above x, elementwise. The derivative is 0.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <returns>The shape and element type of x; integers stay as they are.</returns>
    /// <exception cref="TensorException">The elements are not numbers.</exception>
    public static Tensor Floor(Tensor x) => x.DType == DType.Int64 ? x : Apply(FloorOp.Instance, x);

    private sealed record FloorOp : UnaryOp
    {
        public static readonly FloorOp Instance = new();

        public override string Name => "floor";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Floor);

        public override Tensor? Derivative(Tensor x, Tensor y) => null;
    }
}
