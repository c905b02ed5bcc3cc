using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether a ≠ b, elementwise, broadcasting.</summary>
    /// <remarks>The operators == and != compare references, as for any class; this compares elements.</remarks>
    /// <param name="a">Any shape.</param>
    /// <param name="b">A shape that broadcasts with a's, of the same element type.</param>
    /// <returns>Truth values: a mask for <see cref="Where"/>.</returns>
    /// <exception cref="TensorException">The shapes do not broadcast, or the element types differ.</exception>
    public static Tensor NotEqual(Tensor a, Tensor b) => Operate(NotEqualOp.Instance, a, b);

    private sealed record NotEqualOp : ComparisonOp
    {
        public static readonly NotEqualOp Instance = new();

        public override string Name => "notEqual";

        public override BinaryIntrinsic Intrinsic => BinaryIntrinsic.NotEqual;

        protected override bool ComparesTruths => true;
    }
}
