using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>log(1 + eˣ), elementwise, as max(x, 0) + log1p(e^(−|x|)), which cannot overflow.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Softplus(Tensor x) => Apply(SoftplusOp.Instance, x);

    private sealed record SoftplusOp : UnaryOp
    {
        public static readonly SoftplusOp Instance = new();

        public override string Name => "softplus";

        public override Scalar Body(Scalar x) =>
            x.Apply(BinaryIntrinsic.Maximum, x.Number(0.0))
            + (-x.Apply(UnaryIntrinsic.Abs)).Apply(UnaryIntrinsic.Exp).Apply(UnaryIntrinsic.Log1p);

        public override Tensor? Derivative(Tensor x, Tensor y) => Sigmoid(x);
    }
}
