using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>−x, elementwise.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor operator -(Tensor x) => Apply(NegateOp.Instance, x);

    private sealed record NegateOp : ElementwiseOp
    {
        public static readonly NegateOp Instance = new();

        public override string Name => "negate";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0];

        public override DType ResultOf(DType operand) => Arithmetic.Numeric(Name, operand);

        public override Scalar Body(ReadOnlySpan<Scalar> x) => -x[0];

        public override Tensor? Total(ReadOnlySpan<Tensor> results) => TotalOfInputs(this, results);

        public override Tensor? Scaled(int input, Tensor result, Tensor w) => -w;
    }
}
