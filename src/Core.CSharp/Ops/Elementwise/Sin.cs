using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The sine of x in radians, elementwise.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The elements are not floating-point numbers.</exception>
    public static Tensor Sin(Tensor x) => Apply(SinOp.Instance, x);

    private sealed record SinOp : UnaryOp
    {
        public static readonly SinOp Instance = new();

        public override string Name => "sin";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Sin);

        public override Tensor? Derivative(Tensor x, Tensor y) => Cos(x);
    }
}
