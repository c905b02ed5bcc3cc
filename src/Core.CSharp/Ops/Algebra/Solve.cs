using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>X with A·X = B, by LU factorisation with row exchanges.</summary>
    /// <param name="a">[…, n, n].</param>
    /// <param name="b">A vector [n], or […, n, k]; batch axes broadcast with those of A.</param>
    /// <returns>X, [n] or […, n, k].</returns>
    /// <exception cref="TensorException">
    /// A is not square, the extents or element types differ, or (when the value is computed) an item is singular.
    /// </exception>
    /// <remarks>
    /// Ẋ = A⁻¹(Ḃ − ȦX); B̄ = A⁻ᵀX̄ and Ā = −B̄Xᵀ: M. Giles, "An extended collection of matrix derivative results" (2008), section
    /// 2.3.1. Both reuse the factors of the solve.
    /// </remarks>
    public static Tensor Solve(Tensor a, Tensor b)
    {
        Matrices.RequireSquare("solve", a.Type);
        if (b.Rank == 1)
            return Squeeze(Solve(a, Unsqueeze(b, -1)), -1);
        Matrices.RequireRightSide("solve", a.Type, b.Type);
        return SolveFactored(Factored(a), b, transposed: false);
    }

    /// <summary>X with A·X = B, or Aᵀ·X = B, by factors that <see cref="Factored"/> gave.</summary>
    internal static Tensor SolveFactored(Tensor[] factored, Tensor b, bool transposed) =>
        b.Rank == 1
            ? Squeeze(SolveFactored(factored, Unsqueeze(b, -1), transposed), -1)
            : SolveWith(new SolveOp(transposed), b, factored);

    /// <summary>The inverse of matrices. To multiply by one, <see cref="Solve"/> is more exact and cheaper.</summary>
    /// <param name="a">[…, n, n].</param>
    /// <returns>A⁻¹, […, n, n].</returns>
    /// <exception cref="TensorException">
    /// The matrix is not square, or (when the value is computed) an item is singular.
    /// </exception>
    public static Tensor Inverse(Tensor a)
    {
        Matrices.RequireSquare("inverse", a.Type);
        return Apply(new SolveOp(IsTransposed: false), [.. Factored(a), Eye(a.Shape[-1], dtype: a.DType)]);
    }

    /// <summary>
    /// A solve with the factors of A: the inputs are A (of which only derivatives know), the packed factors, the permutation and B.
    /// </summary>
    private sealed record SolveOp(bool IsTransposed) : Op
    {
        public override string Name => "solve";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0] == 0 ? inputs[3] : null;

        public override bool IsCostly => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) =>
            Matrices.Solution(Name, inputs[0], inputs[3]);

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Tensor right = With(result.InputArray, cotangent, !IsTransposed);
            Tensor? matrix = needed[0]
                ? -SumTo(IsTransposed ? MatMul(result, right.T) : MatMul(right, result.T), result.Inputs[0].Shape)
                : null;
            return [matrix, null, null, needed[3] ? SumTo(right, result.Inputs[3].Shape) : null];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
        {
            Tensor? moved = tangents[0] is { } da ? -MatMul(IsTransposed ? da.T : da, result) : null;
            Tensor right =
                moved is null ? tangents[3]!
                : tangents[3] is { } db ? db + moved
                : moved;
            return With(result.InputArray, right, IsTransposed);
        }

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
        {
            Tensor[] aligned = Matrices.AlignRanks(inputs, batched, [2, 2, 1, 2]);
            return SolveWith(this, aligned[3], aligned[..3]);
        }

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            (View packed, View order, View right) = (inputs[1], inputs[2], inputs[3]);
            if (!IsTransposed)
            {
                View sorted = emitter.PermuteRows(right, order, result);
                View half = emitter.SolveTriangular(Factorisation.SolveLowerUnit, packed, sorted, result);
                return emitter.SolveTriangular(Factorisation.SolveUpper, packed, half, result, NoPivot.Error);
            }
            View flipped = Matrices.Transposed(packed);
            View lower = emitter.SolveTriangular(Factorisation.SolveLower, flipped, right, result, NoPivot.Error);
            View upper = emitter.UnitDiagonal(flipped);
            View mixed = emitter.SolveTriangular(Factorisation.SolveUpper, upper, lower, result);
            return emitter.PermuteRowsBack(mixed, order, result);
        }

        private static Tensor With(ReadOnlySpan<Tensor> inputs, Tensor right, bool transposed) =>
            SolveWith(new SolveOp(transposed), right, inputs[..3].ToArray());
    }
}
