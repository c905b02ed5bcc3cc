using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The angle in [−π/2, π/2] whose sine is x, elementwise: NaN outside [−1, 1].</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Asin(Tensor x) => Apply(AsinOp.Instance, x);

    private sealed record AsinOp : UnaryOp
    {
        public static readonly AsinOp Instance = new();

        public override string Name => "asin";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Asin);

        public override Tensor? Derivative(Tensor x, Tensor y) => 1.0 / Sqrt((1.0 - x) * (1.0 + x));
    }
}
