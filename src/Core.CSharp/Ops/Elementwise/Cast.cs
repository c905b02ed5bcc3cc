using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The elements converted to another type: to int64 by dropping the fraction (NaN becomes 0, what is beyond int64 its nearest number), to bool by asking for ≠ 0, from bool as 0 and 1. Derivatives pass
    /// between floating-point types, converted back; integers and truth values have none.
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="dtype">The wanted element type.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Cast(Tensor x, DType dtype)
    {
        Throw.Unless(dtype != DType.Opaque, "cast", "the element type must be one with elements", dtype.Name);
        return x.DType == dtype ? x : Apply(new CastOp(dtype), x);
    }

    private sealed record CastOp(DType To) : ElementwiseOp
    {
        public override string Name => "cast";

        public override int? Degree(ReadOnlySpan<int> inputs) => To.IsFloat ? inputs[0] : null;

        public override DType ResultOf(DType operand) =>
            operand != DType.Opaque ? To : Throw.Error<DType>(Name, "the operand must have elements", operand.Name);

        public override Scalar Body(ReadOnlySpan<Scalar> x) => new Scalar.Cast(x[0], To);

        // A tangent has the type of the input and leaves with the result's; a cotangent goes the other way.
        public override Tensor? Scaled(int input, Tensor result, Tensor w) =>
            Cast(w, w.DType == To ? result.Inputs[0].DType : To);
    }
}
