using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The smaller of a and b, elementwise, broadcasting; NaN if either is. Where they are equal each gets half of the derivative.
    /// </summary>
    /// <param name="a">Any shape of numbers.</param>
    /// <param name="b">A shape that broadcasts with a's, of the same element type.</param>
    /// <exception cref="TensorException">The shapes do not broadcast, or the element types differ or are not numbers.</exception>
    public static Tensor Minimum(Tensor a, Tensor b) => Operate(MinimumOp.Instance, a, b);

    private sealed record MinimumOp : ArithmeticOp
    {
        public static readonly MinimumOp Instance = new();

        public override string Name => "minimum";

        public override Scalar Body(Scalar a, Scalar b) => a.Apply(BinaryIntrinsic.Minimum, b);

        public override Tensor? Scaled(int input, Tensor result, Tensor w)
        {
            Tensor own = result.Inputs[input];
            Tensor other = result.Inputs[1 - input];
            Tensor shared = Where(Equal(result.Inputs[0], result.Inputs[1]), 0.5 * w, w);
            return Where(own <= other, shared, 0.0);
        }
    }
}
