using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The hyperbolic tangent of x, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Tanh(Tensor x) => Apply(TanhOp.Instance, x);

    private sealed record TanhOp : UnaryOp
    {
        public static readonly TanhOp Instance = new();

        public override string Name => "tanh";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Tanh);

        public override Tensor? Derivative(Tensor x, Tensor y) => 1.0 - (y * y);
    }
}
