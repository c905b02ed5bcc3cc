using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The mean along axes, which are then gone; along all of them if none is named.</summary>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not floating-point.</exception>
    public static Tensor Mean(Tensor x, params ReadOnlySpan<int> axes)
    {
        double count = Count("mean", x, axes);
        return Sum(x, axes) / count;
    }

    /// <inheritdoc cref="Mean(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor Mean(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(Mean(x, axes), x, keepDims, axes);

    /// <summary>How many elements fall to one of the result: at least one, all floating-point.</summary>
    private static double Count(string op, Tensor x, ReadOnlySpan<int> axes)
    {
        Arithmetic.Float(op, x.DType);
        double count = 1.0;
        foreach (int axis in Axes.Normalise(op, axes, x.Rank))
            count *= x.Shape[axis];
        Throw.Unless(count > 0.0, op, "there must be an element to average", $"{x.Shape}");
        return count;
    }
}
