using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether a = b, elementwise, broadcasting.</summary>
    /// <remarks>The operators == and != compare references, as for any class; this compares elements.</remarks>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A shape that broadcasts with a's, of the same element type.</param>
    /// <returns>Truth values: a mask for <see cref="Where"/>.</returns>
    /// <exception cref="TensorException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor Equal(Tensor a, Tensor b) => Operate(EqualOp.Instance, a, b);

    private sealed record EqualOp : ComparisonOp
    {
        public static readonly EqualOp Instance = new();

        public override string Name => "equal";

        public override BinaryIntrinsic Intrinsic => BinaryIntrinsic.Equal;

        protected override bool ComparesTruths => true;
    }
}
