using Implicit.Shapes;

namespace Implicit.Ops;

/// <summary>The position of an element along axes: an integer, which has no derivative.</summary>
internal abstract record PositionOp(ValueArray<int> Along) : ReductionOp(Along)
{
    public sealed override DType ResultOf(DType operand)
    {
        base.ResultOf(operand);
        return DType.Int64;
    }

    public sealed override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed) => [null];
}
