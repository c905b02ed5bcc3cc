using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The error function 2/√π ∫₀ˣ e^(−t²) dt, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Erf(Tensor x) => Apply(ErfOp.Instance, x);

    private sealed record ErfOp : UnaryOp
    {
        public static readonly ErfOp Instance = new();

        public override string Name => "erf";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Erf);

        public override Tensor? Derivative(Tensor x, Tensor y) => 2.0 / Math.Sqrt(Math.PI) * Exp(-(x * x));
    }
}
