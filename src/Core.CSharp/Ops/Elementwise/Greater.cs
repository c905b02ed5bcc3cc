using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether a > b, elementwise, broadcasting.</summary>
    /// <param name="a">Any shape of numbers.</param>
    /// <param name="b">A shape that broadcasts with a's, of the same element type.</param>
    /// <returns>Truth values: a mask for <see cref="Where"/>.</returns>
    /// <exception cref="TensorException">The shapes do not broadcast, or the element types differ or are not numbers.</exception>
    public static Tensor Greater(Tensor a, Tensor b) => Operate(GreaterOp.Instance, a, b);

    /// <summary>Whether a > b, elementwise, broadcasting: <see cref="Greater"/>.</summary>
    /// <param name="a">Any shape of numbers.</param>
    /// <param name="b">A shape that broadcasts with a's.</param>
    public static Tensor operator >(Tensor a, Tensor b) => Greater(a, b);

    private sealed record GreaterOp : ComparisonOp
    {
        public static readonly GreaterOp Instance = new();

        public override string Name => "greater";

        public override BinaryIntrinsic Intrinsic => BinaryIntrinsic.Greater;
    }
}
