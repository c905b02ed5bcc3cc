using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The angle in (−π/2, π/2) whose tangent is x, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Atan(Tensor x) => Apply(AtanOp.Instance, x);

    private sealed record AtanOp : UnaryOp
    {
        public static readonly AtanOp Instance = new();

        public override string Name => "atan";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Atan);

        public override Tensor? Derivative(Tensor x, Tensor y) => 1.0 / (1.0 + (x * x));
    }
}
