using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether a &lt; b, elementwise, broadcasting.</summary>
    /// <param name="a">Any shape of numbers.</param>
    /// <param name="b">A shape that broadcasts with a's, of the same element type.</param>
    /// <returns>Truth values: a mask for <see cref="Where"/>.</returns>
    /// <exception cref="TensorException">The shapes do not broadcast, or the element types differ or are not numbers.</exception>
    public static Tensor Less(Tensor a, Tensor b) => Operate(LessOp.Instance, a, b);

    /// <summary>Whether a &lt; b, elementwise, broadcasting: <see cref="Less"/>.</summary>
    /// <param name="a">Any shape of numbers.</param>
    /// <param name="b">A shape that broadcasts with a's.</param>
    public static Tensor operator <(Tensor a, Tensor b) => Less(a, b);

    private sealed record LessOp : ComparisonOp
    {
        public static readonly LessOp Instance = new();

        public override string Name => "less";

        public override BinaryIntrinsic Intrinsic => BinaryIntrinsic.Less;
    }
}
