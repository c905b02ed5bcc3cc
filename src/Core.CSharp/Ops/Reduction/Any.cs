using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Whether some element holds along axes, which are then gone; along all of them if none is named.</summary>
    /// <param name="x">Truth values of any shape.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>Truth values: a scalar, or the shape of x without the axes. Of nothing, none holds.</returns>
    /// <exception cref="TensorException">There is no such axis, or the elements are not truth values.</exception>
    public static Tensor Any(Tensor x, params ReadOnlySpan<int> axes)
    {
        Arithmetic.Truth("any", x.DType);
        return !HoldsThroughout("any", !x, axes);
    }
}
