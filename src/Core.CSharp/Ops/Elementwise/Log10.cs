using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The logarithm of x to base 10, elementwise: −∞ at 0, NaN below.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Log10(Tensor x) => Apply(Log10Op.Instance, x);

    private sealed record Log10Op : UnaryOp
    {
        public static readonly Log10Op Instance = new();

        public override string Name => "log10";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Log10);

        public override Tensor? Derivative(Tensor x, Tensor y) => 1.0 / (Math.Log(10.0) * x);
    }
}
