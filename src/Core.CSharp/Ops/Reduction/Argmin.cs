using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The position of the smallest element along axes, which are then gone; along all of them if none is named. The first of several wins,
    /// and NaN over everything. It has no derivative.
    /// </summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>int64 positions, row-major within the axes: a scalar, or the shape of x without the axes.</returns>
    /// <exception cref="TensorException">There is no such axis, or nothing along it, or the elements are not numbers.</exception>
    public static Tensor Argmin(Tensor x, params ReadOnlySpan<int> axes) =>
        Apply(new ArgminOp(Along("argmin", x, axes)), x);

    private sealed record ArgminOp(ValueArray<int> Along) : PositionOp(Along)
    {
        public override string Name => "argmin";

        public override Reduction Reduction => Reduction.ArgMinimum;
    }
}
