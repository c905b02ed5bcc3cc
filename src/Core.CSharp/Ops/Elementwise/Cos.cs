using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The cosine of x in radians, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Cos(Tensor x) => Apply(CosOp.Instance, x);

    private sealed record CosOp : UnaryOp
    {
        public static readonly CosOp Instance = new();

        public override string Name => "cos";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Cos);

        public override Tensor? Derivative(Tensor x, Tensor y) => -Sin(x);
    }
}
