using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The angle in [0, π] whose cosine is x, elementwise: NaN outside [−1, 1].</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Acos(Tensor x) => Apply(AcosOp.Instance, x);

    private sealed record AcosOp : UnaryOp
    {
        public static readonly AcosOp Instance = new();

        public override string Name => "acos";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Acos);

        public override Tensor? Derivative(Tensor x, Tensor y) => -1.0 / Sqrt((1.0 - x) * (1.0 + x));
    }
}
