using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The sum along axes, which are then gone; along all of them if none is named.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes.</returns>
    public static Tensor Sum(Tensor x, params ReadOnlySpan<int> axes) =>
        x.Rank == 0 && axes.IsEmpty ? x : Apply(new SumOp(new ValueArray<int>(Axes.Normalise("sum", axes, x.Rank))), x);

    private sealed record SumOp(ValueArray<int> Along) : ReductionOp(Along)
    {
        public override string Name => "sum";

        public override Reduction Reduction => Reduction.Sum;

        public override ReductionOp AlongAxes(ValueArray<int> axes) => new SumOp(axes);

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Shape shape = result.Inputs[0].Shape;
            return [Expand(Unreduced(cotangent, shape), shape)];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) => Apply(this, tangents[0]!);
    }
}
