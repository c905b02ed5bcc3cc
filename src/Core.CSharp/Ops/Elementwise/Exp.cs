using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>eˣ, elementwise.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Exp(Tensor x) => Apply(ExpOp.Instance, x);

    private sealed record ExpOp : UnaryOp
    {
        public static readonly ExpOp Instance = new();

        public override string Name => "exp";

        public override Scalar Body(Scalar x) => x.Apply(UnaryIntrinsic.Exp);

        public override Tensor? Derivative(Tensor x, Tensor y) => y;
    }
}
