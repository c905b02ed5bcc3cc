using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>x·Φ(x) with Φ the distribution function of the standard normal, elementwise: the exact form.</summary>
    /// <remarks>Hendrycks and Gimpel, Gaussian Error Linear Units (2016).</remarks>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Gelu(Tensor x) => Apply(GeluOp.Instance, x);

    private sealed record GeluOp : UnaryOp
    {
        public static readonly GeluOp Instance = new();

        public override string Name => "gelu";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Gelu);

        public override Tensor? Derivative(Tensor x, Tensor y) =>
            NormalCdf(x) + (ZeroUnlessFinite(x) * NormalDensity(x));
    }
}
