using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>1 / (1 + e⁻ˣ), elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Sigmoid(Tensor x) => Apply(SigmoidOp.Instance, x);

    private sealed record SigmoidOp : UnaryOp
    {
        public static readonly SigmoidOp Instance = new();

        public override string Name => "sigmoid";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Sigmoid);

        public override Tensor? Derivative(Tensor x, Tensor y) => y * (1.0 - y);
    }
}
