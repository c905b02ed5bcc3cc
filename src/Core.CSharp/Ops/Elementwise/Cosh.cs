using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The hyperbolic cosine of x, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Cosh(Tensor x) => Apply(CoshOp.Instance, x);

    private sealed record CoshOp : UnaryOp
    {
        public static readonly CoshOp Instance = new();

        public override string Name => "cosh";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Cosh);

        public override Tensor? Derivative(Tensor x, Tensor y) => Sinh(x);
    }
}
