using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>x / (1 + e⁻ˣ), elementwise (SiLU, also named swish).</summary>
    /// <remarks>Hendrycks and Gimpel, Gaussian Error Linear Units (2016), section 2.</remarks>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Silu(Tensor x) => Apply(SiluOp.Instance, x);

    private sealed record SiluOp : UnaryOp
    {
        public static readonly SiluOp Instance = new();

        public override string Name => "silu";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Silu);

        public override Tensor? Derivative(Tensor x, Tensor y)
        {
            Tensor sigmoid = Sigmoid(x);
            return sigmoid * (1.0 + (ZeroUnlessFinite(x) * (1.0 - sigmoid)));
        }
    }
}
