using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The sum of squares Σx² along axes, which are then gone; along all of them if none is named.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or the elements are not numbers.</exception>
    public static Tensor Sumsq(Tensor x, params ReadOnlySpan<int> axes) => Sumsq("sumsq", x, axes);

    private static Tensor Sumsq(string op, Tensor x, ReadOnlySpan<int> axes)
    {
        Arithmetic.Numeric(op, x.DType);
        return SumFor(op, x * x, axes);
    }
}
