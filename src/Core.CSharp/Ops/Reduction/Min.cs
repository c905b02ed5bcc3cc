using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The smallest element along axes, which are then gone; along all of them if none is named. NaN if any is. Elements that tie share the
    /// derivative equally.
    /// </summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not numbers.</exception>
    public static Tensor Min(Tensor x, params ReadOnlySpan<int> axes) => Apply(new MinOp(Along("min", x, axes)), x);

    /// <inheritdoc cref="Min(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor Min(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(Min(x, axes), x, keepDims, axes);

    private sealed record MinOp(ValueArray<int> Along) : ExtremumOp(Along)
    {
        public override string Name => "min";

        public override Reduction Reduction => Reduction.Minimum;
    }
}
