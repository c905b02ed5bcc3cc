using Implicit.Kernels;

namespace Implicit.Ops;

/// <summary>An elementwise comparison. Its result does not move, so it has no derivative.</summary>
internal abstract record ComparisonOp() : BinaryOp(keepsFloats: false)
{
    /// <summary>Which comparison it is.</summary>
    public abstract BinaryIntrinsic Intrinsic { get; }

    /// <summary>Whether truth values have it as well as numbers.</summary>
    protected virtual bool ComparesTruths => false;

    public sealed override DType ResultOf(DType operand)
    {
        if (!ComparesTruths || operand != DType.Bool)
            Arithmetic.Numeric(Name, operand);
        return DType.Bool;
    }

    public sealed override Scalar Body(Scalar a, Scalar b) => a.Apply(Intrinsic, b);

    public sealed override Tensor? Scaled(int input, Tensor result, Tensor w) => null;
}
