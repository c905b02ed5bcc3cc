using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The tangent of x in radians, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Tan(Tensor x) => Apply(TanOp.Instance, x);

    private sealed record TanOp : UnaryOp
    {
        public static readonly TanOp Instance = new();

        public override string Name => "tan";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Tan);

        public override Tensor? Derivative(Tensor x, Tensor y) => 1.0 + (y * y);
    }
}
