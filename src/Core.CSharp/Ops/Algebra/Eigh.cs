using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The eigenvalues and eigenvectors of symmetric matrices: A = V·diag(w)·Vᵀ.</summary>
    /// <param name="a">[…, n, n]. Its symmetric part (A + Aᵀ)/2 is decomposed, so derivatives are symmetric too.</param>
    /// <returns>w ascending, […, n]; V with the orthonormal eigenvectors as columns, […, n, n].</returns>
    /// <exception cref="TensorException">
    /// The matrix is not square, or (when a derivative of V is computed) two eigenvalues of an item are equal to rounding, where V has no
    /// derivative.
    /// </exception>
    /// <remarks>
    /// With M = VᵀȦV and F[i, j] = 1/(w[j] − w[i]), zero on the diagonal: ẇ = diag(M), V̇ = V(F∘M), Ā = V(diag(w̄) + F∘(VᵀV̄))Vᵀ:
    /// M. Giles, "An extended collection of matrix derivative results" (2008), section 3.1. Eigenvectors are determined up to their
    /// sign: only what does not depend on the sign has a meaning.
    /// </remarks>
    public static (Tensor Values, Tensor Vectors) Eigh(Tensor a)
    {
        Matrices.RequireSquare("eigh", a.Type);
        Tensor[] parts = ApplyMany(EighOp.Instance, SymmetricPart(a));
        return (parts[0], parts[1]);
    }

    /// <summary>1/(x[j] − x[i]) at (i, j) of each item, zero on the diagonal.</summary>
    private static Tensor InverseGaps(Tensor x)
    {
        Tensor identity = Eye(x.Shape[-1], dtype: x.DType);
        return (1.0 / (Unsqueeze(x, -2) - Unsqueeze(x, -1) + identity)) - identity;
    }

    private sealed record EighOp() : FactorisationOp(Factorisation.SymmetricEigen)
    {
        public static readonly EighOp Instance = new();

        public override string Name => "eigh";

        public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) =>
            [inputs[0] with { Shape = inputs[0].Shape.Take(inputs[0].Shape.Rank - 1) }, inputs[0]];

        public override Tensor?[] VjpAll(Tensor tuple, ReadOnlySpan<Tensor?> cotangents, ReadOnlySpan<bool> needed)
        {
            Tensor[] parts = Results(tuple);
            Tensor vectors = parts[1];
            Tensor? inner = cotangents[0] is { } values ? Diag(values) : null;
            if (cotangents[1] is { } turned)
            {
                Tensor rotation = Distances(parts[0]) * MatMul(vectors.T, turned);
                inner = inner is null ? rotation : inner + rotation;
            }
            return [inner is null ? null : MatMul(MatMul(vectors, inner), vectors.T)];
        }

        public override Tensor?[]? JvpAll(Tensor tuple, ReadOnlySpan<Tensor?> tangents)
        {
            Tensor[] parts = Results(tuple);
            Tensor vectors = parts[1];
            Tensor inner = MatMul(MatMul(vectors.T, tangents[0]!), vectors);
            return [Diagonal(inner), MatMul(vectors, Distances(parts[0]) * inner)];
        }

        private static Tensor Distances(Tensor values)
        {
            double accuracy = values.Shape[-1] * Matrices.Rounding(values.DType);
            return InverseGaps(Ensure(values, values, new Spectrum("eigh", "eigenvalue", accuracy, FullRank: false)));
        }
    }
}
