using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>X with T·X = B (or Tᵀ·X = B) for triangular T; the other triangle of T is not looked at.</summary>
    /// <param name="t">[…, m, m].</param>
    /// <param name="b">A vector [m], or […, m, n]; batch axes broadcast with those of T.</param>
    /// <param name="lower">Whether T is the lower triangle; otherwise the upper one.</param>
    /// <param name="transposed">Whether to solve with Tᵀ.</param>
    /// <param name="unit">Whether the diagonal of T is taken as ones.</param>
    /// <returns>X, [m] or […, m, n].</returns>
    /// <exception cref="TensorException">
    /// T is not square, the extents or element types differ, or (when the value is computed) the diagonal has a zero.
    /// </exception>
    /// <remarks>
    /// Ẋ = T⁻¹(Ḃ − ṪX); B̄ = T⁻ᵀX̄ and T̄ = −tri(B̄Xᵀ): M. Giles, "An extended collection of matrix derivative results"
    /// (2008), section 2.3.1.
    /// </remarks>
    public static Tensor SolveTriangular(
        Tensor t,
        Tensor b,
        bool lower = true,
        bool transposed = false,
        bool unit = false
    )
    {
        Matrices.RequireSquare("solveTriangular", t.Type);
        if (b.Rank == 1)
            return Squeeze(SolveTriangular(t, Unsqueeze(b, -1), lower, transposed, unit), -1);
        Matrices.RequireRightSide("solveTriangular", t.Type, b.Type);
        return transposed
            ? SolveWith(new SolveTriangularOp(!lower, unit), b, t.T)
            : SolveWith(new SolveTriangularOp(lower, unit), b, t);
    }

    /// <summary>
    /// Applies a solve whose last input is the right side. A batch of right sides of one matrix becomes columns: one wide solve
    /// instead of many narrow ones on copies of the matrix.
    /// </summary>
    private static Tensor SolveWith(Op solve, Tensor b, params Tensor[] matrix)
    {
        if (matrix[0].Rank > 2 || b.Rank == 2)
            return Apply(solve, [.. matrix, b]);
        Tensor rows = MoveAxis(b, -2, 0);
        Tensor wide = Reshape(rows, [rows.Shape[0], rows.Shape.Skip(1).Length]);
        return MoveAxis(Reshape(Apply(solve, [.. matrix, wide]), rows.Shape), 0, -2);
    }

    private sealed record SolveTriangularOp(bool IsLower, bool IsUnit) : Op
    {
        public override string Name => "solveTriangular";

        public override int? Degree(ReadOnlySpan<int> inputs) => inputs[0] == 0 ? inputs[1] : null;

        public override bool IsCostly => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) =>
            Matrices.Solution(Name, inputs[0], inputs[1]);

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Tensor t = result.Inputs[0];
            Tensor right = SolveTriangular(t, cotangent, IsLower, transposed: true, IsUnit);
            return
            [
                needed[0] ? -SumTo(Triangle(MatMul(right, result.T)), t.Shape) : null,
                needed[1] ? SumTo(right, result.Inputs[1].Shape) : null,
            ];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
        {
            Tensor? moved = tangents[0] is { } dt ? -MatMul(Triangle(dt), result) : null;
            Tensor right =
                moved is null ? tangents[1]!
                : tangents[1] is { } db ? db + moved
                : moved;
            return SolveTriangular(result.Inputs[0], right, IsLower, transposed: false, IsUnit);
        }

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
        {
            Tensor[] aligned = Matrices.AlignRanks(inputs, batched, [2, 2]);
            return SolveWith(this, aligned[1], aligned[0]);
        }

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            View t = IsUnit && !IsLower ? emitter.UnitDiagonal(inputs[0]) : inputs[0];
            Factorisation kind =
                !IsLower ? Factorisation.SolveUpper
                : IsUnit ? Factorisation.SolveLowerUnit
                : Factorisation.SolveLower;
            return emitter.SolveTriangular(kind, t, inputs[1], result);
        }

        /// <summary>The part of a matrix that counts.</summary>
        private Tensor Triangle(Tensor x)
        {
            int offset = IsUnit ? 1 : 0;
            return IsLower ? Tril(x, -offset) : Triu(x, offset);
        }
    }
}
