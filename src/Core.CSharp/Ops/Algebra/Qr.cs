using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The reduced QR factorisation A = Q·R: Q has orthonormal columns, R is upper triangular.</summary>
    /// <param name="a">[…, m, n]; k = min(m, n).</param>
    /// <returns>Q, […, m, k]; R, […, k, n].</returns>
    /// <exception cref="TensorException">
    /// The operand is not a floating-point matrix, a derivative is asked for with m &lt; n, or (when a value is computed) an item is not
    /// finite, or (when a derivative is) its columns are not independent.
    /// </exception>
    /// <remarks>
    /// For m ≥ n and full rank, with C = ȦR⁻¹, M = QᵀC and W = triu(M) + tril(M, −1)ᵀ: Q̇ = C − QW, Ṙ = WR. In reverse, with
    /// M = RR̄ᵀ − Q̄ᵀQ: Ā = (Q̄ + Q·(tril(M) + tril(M, −1)ᵀ))·R⁻ᵀ. M. Seeger et al., "Auto-differentiating linear algebra" (2017), whose
    /// LQ this is transposed.
    /// </remarks>
    public static (Tensor Q, Tensor R) Qr(Tensor a) => Qr(a, areIndependent: false);

    /// <summary>The factors, differentiable too.</summary>
    /// <param name="a">[…, m, n].</param>
    /// <param name="areIndependent">Whether the caller sees to it that the columns are independent and finite, and says so in its own words.</param>
    internal static (Tensor Q, Tensor R) Qr(Tensor a, bool areIndependent)
    {
        Tensor[] factors = ApplyMany(
            new QrOp(areIndependent) { Error = areIndependent ? null : new NotFinite(Factorisation.Qr) },
            a
        );
        return (factors[0], factors[1]);
    }

    private sealed record QrOp(bool AreIndependent) : FactorisationOp(Factorisation.Qr)
    {
        public override string Name => "qr";

        public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs)
        {
            Matrices.RequireMatrix(Name, inputs[0]);
            Shape batch = Matrices.Batch(inputs[0].Shape);
            (int m, int n) = (inputs[0].Shape[-2], inputs[0].Shape[-1]);
            int k = Math.Min(m, n);
            return [inputs[0] with { Shape = batch.Concat([m, k]) }, inputs[0] with { Shape = batch.Concat([k, n]) }];
        }

        public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
        {
            (Tensor q, Tensor r) = Regular(tuple);
            Tensor? mixed = cotangents[1] is { } dr ? MatMul(r, dr.T) : null;
            if (cotangents[0] is { } dq)
                mixed = mixed is null ? -MatMul(dq.T, q) : mixed - MatMul(dq.T, q);
            if (mixed is null)
                return [null];
            Tensor inner = MatMul(q, Tril(mixed) + Tril(mixed, -1).T);
            Tensor all = cotangents[0] is { } direct ? direct + inner : inner;
            return [SolveTriangular(r, all.T, lower: false).T];
        }

        public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
        {
            (Tensor q, Tensor r) = Regular(tuple);
            Tensor moved = SolveTriangular(r, tangents[0]!.T, lower: false, transposed: true).T;
            Tensor inner = MatMul(q.T, moved);
            Tensor upper = Triu(inner) + Tril(inner, -1).T;
            return [moved - MatMul(q, upper), MatMul(upper, r)];
        }

        /// <summary>Q and R of matrices that have a derivative.</summary>
        private (Tensor Q, Tensor R) Regular(Tensor tuple)
        {
            Tensor a = tuple.Inputs[0];
            Throw.Unless(
                a.Shape[-2] >= a.Shape[-1],
                Name,
                "to be differentiated, a matrix must have at least as many rows as columns (factorise its transpose instead)",
                $"{a.Type}"
            );
            Tensor[] factors = Results(tuple);
            (Tensor q, Tensor r) = (factors[0], factors[1]);
            return (q, AreIndependent ? r : IndependentColumns.Where(a, r, "[qr] to be differentiated, "));
        }
    }
}
