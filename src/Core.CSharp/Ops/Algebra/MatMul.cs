using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// The matrix product over the last two axes; axes before them are a batch and broadcast. A vector on the left is a row, on the
    /// right a column, and the axis it adds is removed again.
    /// </summary>
    /// <param name="a">[…, m, k] or [k].</param>
    /// <param name="b">[…, k, n] or [k].</param>
    /// <returns>[…, m, n], without the axes of vectors.</returns>
    /// <exception cref="TensorException">An operand is a scalar, or the inner extents differ.</exception>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        Throw.Unless(
            a.Rank > 0 && b.Rank > 0,
            "matmul",
            "operands must have at least one axis",
            $"{a.Type} and {b.Type}"
        );
        MatMulOp.RequireInner(a.Type, b.Type);
        if (a.Rank == 1 && b.Rank == 1)
            return Reshape(MatMul(Reshape(a, [1, a.Length]), Reshape(b, [b.Length, 1])), Shape.Scalar);
        if (a.Rank == 1)
            return Squeeze(MatMul(Reshape(a, [1, a.Length]), b), -2);
        if (b.Rank == 1)
            return Squeeze(MatMul(a, Reshape(b, [b.Length, 1])), -1);
        return Apply(MatMulOp.Instance, a, b);
    }

    private sealed record MatMulOp : Op
    {
        public static readonly MatMulOp Instance = new();

        private const int FewColumns = 8;

        /// <summary>Elements of the factors of one product, above which laying them side by side costs more than the product's own beginning.</summary>
        private const int LargestJoined = 4096;

        public override string Name => "matmul";

        public static void RequireInner(TensorType a, TensorType b) =>
            Throw.Unless(
                a.Shape[-1] == b.Shape[b.Shape.Rank == 1 ? 0 : -2],
                "matmul",
                "inner extents must agree",
                $"left {a} and right {b}"
            );

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0] + inputs[1];

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs)
        {
            TensorType a = inputs[0];
            TensorType b = inputs[1];
            TensorType.RequireOneDType(Name, a, b);
            Arithmetic.Numeric(Name, a.DType);
            RequireInner(a, b);
            Shape batch = Broadcasting.Join(Name, Matrices.Batch(a.Shape), Matrices.Batch(b.Shape));
            return new TensorType(a.DType, batch.Concat([a.Shape[-2], b.Shape[-1]]));
        }

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Tensor a = result.Inputs[0];
            Tensor b = result.Inputs[1];
            return
            [
                needed[0] ? SumTo(MatMul(cotangent, b.T), a.Shape) : null,
                needed[1] ? WeightCotangent(a, cotangent, b.Shape) : null,
            ];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
        {
            Tensor? left = tangents[0] is { } da ? MatMul(da, result.Inputs[1]) : null;
            Tensor? right = tangents[1] is { } db ? MatMul(result.Inputs[0], db) : null;
            return left is null ? right
                : right is null ? left
                : left + right;
        }

        public override Op? OfItem(Shape result) => this;

        /// <summary>Σ AᵢBᵢ = [A₁ A₂ …]·[B₁; B₂; …]: one product with more terms.</summary>
        public override Tensor? Total(ReadOnlySpan<Tensor> results)
        {
            Tensor[] left = Array.ConvertAll(results.ToArray(), result => result.Inputs[0]);
            Tensor[] right = Array.ConvertAll(results.ToArray(), result => result.Inputs[1]);
            (Tensor a, Tensor b) = (left[0], right[0]);
            return
                a.Rank == 2
                && b.Rank == 2
                && a.Length + b.Length <= LargestJoined
                && Array.TrueForAll(left, one => one.Type == a.Type)
                && Array.TrueForAll(right, one => one.Type == b.Type)
                ? MatMul(SideBySide(left), Concat(right, 0))
                : null;
        }

        /// <summary>[A₁ A₂ …], of transposes the transpose of what lies one below the other.</summary>
        private static Tensor SideBySide(Tensor[] parts)
        {
            Tensor[] transposed = Array.ConvertAll(parts, part => part.Op is PermuteOp ? part.Inputs[0] : part);
            return Array.TrueForAll(parts, part => part.Op is PermuteOp) ? Concat(transposed, 0).T : Concat(parts, 1);
        }

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
        {
            int rank = Math.Max(inputs[0].Rank - (batched[0] ? 1 : 0), inputs[1].Rank - (batched[1] ? 1 : 0));
            Tensor a = batched[0] ? Batching.PadRank(inputs[0], rank) : inputs[0];
            Tensor b = batched[1] ? Batching.PadRank(inputs[1], rank) : inputs[1];
            return Apply(this, a, b);
        }

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View a = inputs[0];
            View b = inputs[1];
            Shape batch = Matrices.Batch(result.Shape);
            int m = a.Shape[-2];
            int k = a.Shape[-1];
            int n = b.Shape[-1];
            View output = emitter.Fresh(result.DType, result.Shape);
            emitter.Emit(
                new MatMul(batch, m, k, n, a.Over(batch.Concat([m, k])), b.Over(batch.Concat([k, n])), output.Operand)
            );
            return output;
        }

        /// <summary>
        /// AᵀC̄ for the right factor. When a batch of left factors meets one right factor, the batch folds into the rows: one product
        /// instead of a batch of them and a sum.
        /// </summary>
        private static Tensor WeightCotangent(Tensor a, Tensor cotangent, Shape b)
        {
            if (b.Rank > 2 || a.Rank <= 2)
                return SumTo(TransposedTimes(a, cotangent), b);
            return TransposedTimes(Rows(a), Rows(cotangent));
        }

        /// <summary>All axes but the last in one.</summary>
        private static Tensor Rows(Tensor x) => Reshape(x, [x.Shape.Take(x.Rank - 1).Length, x.Shape[-1]]);

        /// <summary>AᵀC, as (CᵀA)ᵀ where C has few columns: a product is fast along the rows of its right factor.</summary>
        private static Tensor TransposedTimes(Tensor a, Tensor c) =>
            c.Shape[-1] <= FewColumns && c.Shape[-1] < a.Shape[-1] ? MatMul(c.T, a).T : MatMul(a.T, c);
    }
}
