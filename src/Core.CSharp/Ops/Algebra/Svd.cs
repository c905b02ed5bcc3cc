using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The thin singular value decomposition A = U·diag(s)·Vᵀ.</summary>
    /// <param name="a">[…, m, n]; k = min(m, n).</param>
    /// <returns>U, […, m, k], orthonormal columns; s ≥ 0 descending, […, k]; Vᵀ, […, k, n], orthonormal rows.</returns>
    /// <exception cref="TensorException">
    /// The operand is not a floating-point matrix, or (when a derivative of U or Vᵀ is computed) two singular values of an item are equal
    /// to rounding or, for m ≠ n, one is zero: there the vectors have no derivative. The derivative of s alone always exists.
    /// </exception>
    /// <remarks>
    /// With P = UᵀȦV and F[i, j] = 1/(s[j]² − s[i]²), zero on the diagonal: ṡ = diag(P), U̇ = U(F∘(PS + SPᵀ)) + (I − UUᵀ)ȦVS⁻¹,
    /// V̇ = V(F∘(SP + PᵀS)) + (I − VVᵀ)ȦᵀUS⁻¹, and the cotangent is the transpose of this: J. Townsend, "Differentiating the singular
    /// value decomposition" (2016), equations 11 to 24. A pair of vectors is determined up to a common sign: only what does not
    /// depend on it has a meaning.
    /// </remarks>
    public static (Tensor U, Tensor S, Tensor Vt) Svd(Tensor a)
    {
        Tensor[] parts = ApplyMany(SvdOp.Instance, a);
        return (parts[0], parts[1], parts[2]);
    }

    private sealed record SvdOp() : FactorisationOp(Factorisation.Svd)
    {
        public static readonly SvdOp Instance = new();

        public override string Name => "svd";

        public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs)
        {
            Matrices.RequireMatrix(Name, inputs[0]);
            DType dtype = inputs[0].DType;
            Shape batch = Matrices.Batch(inputs[0].Shape);
            (int m, int n) = (inputs[0].Shape[-2], inputs[0].Shape[-1]);
            int k = Math.Min(m, n);
            return
            [
                new TensorType(dtype, batch.Concat([m, k])),
                new TensorType(dtype, batch.Concat([k])),
                new TensorType(dtype, batch.Concat([k, n])),
            ];
        }

        public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
        {
            Tensor[] parts = Results(tuple);
            (Tensor u, Tensor vt) = (parts[0], parts[2]);
            Tensor? inner = cotangents[1] is { } ds ? Diag(ds) : null;
            if (cotangents[0] is null && cotangents[2] is null)
                return [inner is null ? null : MatMul(MatMul(u, inner), vt)];
            var values = new Values(Distinct(tuple, parts[1]));
            Tensor? outside = null;
            if (cotangents[0] is { } du)
            {
                inner = Plus(inner, values.RowShare * values.Turned(MatMul(u.T, du)));
                if (u.Shape[-2] > u.Shape[-1])
                    outside = MatMul(Outside(u, du) / values.Row, vt);
            }
            if (cotangents[2] is { } dvt)
            {
                inner = Plus(inner, values.ColumnShare * values.Turned(MatMul(vt, dvt.T)));
                if (vt.Shape[-1] > vt.Shape[-2])
                    outside = Plus(outside, MatMul(u, Outside(vt.T, dvt.T).T / values.Column));
            }
            return [Plus(outside, MatMul(MatMul(u, inner!), vt))];
        }

        public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
        {
            Tensor[] parts = Results(tuple);
            (Tensor u, Tensor v) = (parts[0], parts[2].T);
            Tensor inner = MatMul(MatMul(u.T, tangents[0]!), v);
            var values = new Values(Distinct(tuple, parts[1]));
            Tensor du = MatMul(u, values.Gaps * ((inner * values.RowShare) + (values.ColumnShare * inner.T)));
            if (u.Shape[-2] > u.Shape[-1])
                du += Outside(u, MatMul(tangents[0]!, v)) / values.Row;
            Tensor dv = MatMul(v, values.Gaps * ((values.ColumnShare * inner) + (inner.T * values.RowShare)));
            if (v.Shape[-2] > v.Shape[-1])
                dv += Outside(v, MatMul(tangents[0]!.T, u)) / values.Row;
            return [du, Diagonal(inner), dv.T];
        }

        /// <summary>The part of x outside the space that the orthonormal columns of a basis span.</summary>
        private static Tensor Outside(Tensor basis, Tensor x) => x - MatMul(basis, MatMul(basis.T, x));

        private static Tensor Plus(Tensor? a, Tensor b) => a is null ? b : a + b;

        private static Tensor Distinct(Tensor tuple, Tensor values)
        {
            Shape a = tuple.Inputs[0].Shape;
            double accuracy = Math.Max(a[-1], a[-2]) * Matrices.Rounding(values.DType);
            return Ensure(values, values, new Spectrum("svd", "singular value", accuracy, FullRank: a[-1] != a[-2]));
        }

        /// <summary>
        /// Singular values along the columns and the rows of matrices. F is the inverse of their differences by that of their sums, which stand
        /// under a value each: squares would be 0 or ∞ long before the values are.
        /// </summary>
        private sealed class Values(Tensor s)
        {
            public Tensor Row => Unsqueeze(s, -2);

            public Tensor Column => Unsqueeze(s, -1);

            public Tensor Gaps => InverseGaps(s);

            /// <summary>s[j]/(s[i] + s[j]).</summary>
            public Tensor RowShare => Row / Sums;

            /// <summary>s[i]/(s[i] + s[j]).</summary>
            public Tensor ColumnShare => Column / Sums;

            /// <summary>(x − xᵀ)/(s[j] − s[i]).</summary>
            public Tensor Turned(Tensor x) => Gaps * (x - x.T);

            /// <summary>Of the diagonal, where there are no gaps, only that it is not zero.</summary>
            private Tensor Sums => Row + Column + Eye(s.Shape[-1], dtype: s.DType);
        }
    }
}
