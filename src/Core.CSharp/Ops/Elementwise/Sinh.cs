using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The hyperbolic sine of x, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Sinh(Tensor x) => Apply(SinhOp.Instance, x);

    private sealed record SinhOp : UnaryOp
    {
        public static readonly SinhOp Instance = new();

        public override string Name => "sinh";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Sinh);

        public override Tensor? Derivative(Tensor x, Tensor y) => Cosh(x);
    }
}
