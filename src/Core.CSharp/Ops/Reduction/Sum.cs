using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The sum along axes, which are then gone; along all of them if none is named.</summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes. The sum of nothing is 0.</returns>
    /// <exception cref="TensorException">There is no such axis, or the elements are not numbers.</exception>
    public static Tensor Sum(Tensor x, params ReadOnlySpan<int> axes) => SumFor("sum", x, axes);

    /// <inheritdoc cref="Sum(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1: <c>Sum(x, keepDims: true, 1)</c>.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor Sum(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(Sum(x, axes), x, keepDims, axes);

    /// <summary>The sum as a part of a function, whose name is in errors.</summary>
    private static Tensor SumFor(string op, Tensor x, ReadOnlySpan<int> axes) =>
        x.Rank == 0 && axes.IsEmpty ? x : Apply(new SumOp(Along(op, x, axes)), x);

    private static ValueArray<int> Along(string op, Tensor x, ReadOnlySpan<int> axes) =>
        new(Axes.Normalise(op, axes, x.Rank));

    /// <summary>A reduced x, with the axes back as extents of 1 if they are to be kept.</summary>
    private static Tensor Kept(Tensor reduced, Tensor x, bool keepDims, ReadOnlySpan<int> axes) =>
        keepDims ? Reshape(reduced, Reducing.WithOnes(x.Shape, Axes.Normalise("keepDims", axes, x.Rank))) : reduced;

    private sealed record SumOp(ValueArray<int> Along) : ReductionOp(Along)
    {
        /// <summary>Bytes of what is summed together: half of a second cache.</summary>
        private const long LargestJoined = 1 << 19;

        public override string Name => "sum";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0];

        public override Reduction Reduction => Reduction.Sum;

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            return [Selection.Move(cotangent, Spread, result.Inputs[0].Shape)];
        }

        private Tensor Spread(Tensor reduced, Shape shape) => Expand(Unreduced(reduced, shape), shape);

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) => Apply(this, tangents[0]!);

        /// <summary>Larger terms are summed one by one, each while it is near.</summary>
        public override Tensor? Total(ReadOnlySpan<Tensor> results) =>
            results[0].Inputs[0].Type.Bytes * results.Length <= LargestJoined ? TotalOfInputs(this, results) : null;
    }
}
