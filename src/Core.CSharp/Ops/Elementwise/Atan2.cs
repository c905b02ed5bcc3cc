using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The angle in (−π, π] of the point (x, y), elementwise, broadcasting.</summary>
    /// <param name="y">Any shape, floating-point.</param>
    /// <param name="x">A shape that broadcasts with y's.</param>
    /// <exception cref="TensorException">The shapes do not broadcast, or the elements are not floating-point numbers.</exception>
    public static Tensor Atan2(Tensor y, Tensor x) => Operate(Atan2Op.Instance, y, x);

    private sealed record Atan2Op : BinaryOp
    {
        public static readonly Atan2Op Instance = new();

        public override string Name => "atan2";

        public override Scalar Body(Scalar a, Scalar b) => a.Apply(BinaryIntrinsic.Atan2, b);

        public override Tensor? Scaled(int input, Tensor result, Tensor w)
        {
            Tensor y = result.Inputs[0];
            Tensor x = result.Inputs[1];
            Tensor squaredRadius = (x * x) + (y * y);
            return input == 0 ? w * (x / squaredRadius) : -(w * (y / squaredRadius));
        }
    }
}
