using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>log(1 + x), elementwise, accurate for small x: −∞ at −1, NaN below.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Log1p(Tensor x) => Apply(Log1pOp.Instance, x);

    private sealed record Log1pOp : UnaryOp
    {
        public static readonly Log1pOp Instance = new();

        public override string Name => "log1p";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Log1p);

        public override Tensor? Derivative(Tensor x, Tensor y) => 1.0 / (1.0 + x);
    }
}
