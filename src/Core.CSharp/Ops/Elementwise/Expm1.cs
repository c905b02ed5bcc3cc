using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>eˣ − 1, elementwise, accurate for small x.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Expm1(Tensor x) => Apply(Expm1Op.Instance, x);

    private sealed record Expm1Op : UnaryOp
    {
        public static readonly Expm1Op Instance = new();

        public override string Name => "expm1";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Expm1);

        public override Tensor? Derivative(Tensor x, Tensor y) => Exp(x);
    }
}
