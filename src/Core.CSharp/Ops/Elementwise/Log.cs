using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The natural logarithm of x, elementwise: −∞ at 0, NaN below.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Log(Tensor x) => Apply(LogOp.Instance, x);

    private sealed record LogOp : UnaryOp
    {
        public static readonly LogOp Instance = new();

        public override string Name => "log";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Log);

        public override Tensor? Derivative(Tensor x, Tensor y) => 1.0 / x;
    }
}
