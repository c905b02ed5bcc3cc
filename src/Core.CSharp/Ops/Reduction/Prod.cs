using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The product along axes, which are then gone; along all of them if none is named. The derivative by an element is the product of the others,
    /// which is right with any number of zeros.
    /// </summary>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    /// <returns>A scalar, or the shape of x without the axes. The product of nothing is 1.</returns>
    /// <exception cref="TensorException">There is no such axis, or the elements are not numbers.</exception>
    public static Tensor Prod(Tensor x, params ReadOnlySpan<int> axes) => Apply(new ProdOp(Along("prod", x, axes)), x);

    /// <inheritdoc cref="Prod(Tensor, ReadOnlySpan{int})"/>
    /// <param name="x">Any shape of numbers.</param>
    /// <param name="keepDims">Whether the axes stay, with extent 1.</param>
    /// <param name="axes">Distinct axes; negative ones count from the end.</param>
    public static Tensor Prod(Tensor x, bool keepDims, params ReadOnlySpan<int> axes) =>
        Kept(Prod(x, axes), x, keepDims, axes);

    private sealed record ProdOp(ValueArray<int> Along) : ReductionOp(Along)
    {
        public override string Name => "prod";

        public override Reduction Reduction => Reduction.Product;

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Tensor x = result.Inputs[0];
            return [Unreduced(cotangent, x.Shape) * ProductsOfOthers(x)];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents) =>
            Sum(tangents[0]! * ProductsOfOthers(result.Inputs[0]), Along.Span);

        /// <summary>For each element of x, the product of the others along the reduced axes.</summary>
        private Tensor ProductsOfOthers(Tensor x)
        {
            if (Along.Count == 0 || x.Length == 0)
                return OnesLike(x);
            int[] order = [.. Reducing.Kept(x.Rank, Along.Span), .. Along];
            int[] inverse = new int[order.Length];
            for (int i = 0; i < order.Length; i++)
                inverse[order[i]] = i;
            Tensor moved = Permute(x, order);
            Shape kept = moved.Shape.Take(x.Rank - Along.Count);
            Tensor rows = Reshape(moved, kept.Concat([moved.Shape.Length / kept.Length]));
            return Permute(Reshape(Others(rows), moved.Shape), inverse);
        }

        /// <summary>
        /// Along the last axis, without division: for halves a and b, the others of an element of a are its partner in b and the others of
        /// its place in a·b. The work halves with each step.
        /// </summary>
        private static Tensor Others(Tensor rows)
        {
            int count = rows.Shape[^1];
            if (count == 1)
                return OnesLike(rows);
            int half = (count + 1) / 2;
            Tensor a = Slice(rows, -1, 0, half);
            Tensor b = Slice(rows, -1, half, count);
            if (count % 2 == 1)
                b = Concat([b, OnesLike(Slice(rows, -1, 0, 1))], -1);
            Tensor others = Others(a * b);
            return Concat([others * b, Slice(others * a, -1, 0, count - half)], -1);
        }
    }
}
