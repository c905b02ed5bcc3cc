using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The square root of x, elementwise: NaN below 0. The derivative at 0 is ∞.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Sqrt(Tensor x) => Apply(SqrtOp.Instance, x);

    private sealed record SqrtOp : UnaryOp
    {
        public static readonly SqrtOp Instance = new();

        public override string Name => "sqrt";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Sqrt);

        public override Tensor? Derivative(Tensor x, Tensor y) => 0.5 / y;
    }
}
