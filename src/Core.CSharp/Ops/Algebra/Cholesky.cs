using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>The Cholesky factor of symmetric positive definite matrices: lower triangular L with L·Lᵀ = A.</summary>
    /// <param name="a">[…, n, n]. Its symmetric part (A + Aᵀ)/2 is factorised, so derivatives are symmetric too.</param>
    /// <returns>L, [..., n, n], with a positive diagonal and zeros above it.</returns>
    /// <exception cref="TensorException">
    /// The matrix is not square, or (when the value is computed) an item is not positive definite.
    /// </exception>
    /// <remarks>
    /// L̇ = L·Φ(L⁻¹ȦL⁻ᵀ) and Ā = L⁻ᵀ·sym(Φ(LᵀL̄))·L⁻¹, where Φ takes the lower triangle and halves the diagonal: I. Murray,
    /// "Differentiation of the Cholesky decomposition" (2016), equations 8 to 10.
    /// </remarks>
    public static Tensor Cholesky(Tensor a) => Cholesky(a, null);

    /// <summary>The same, with the error that is raised when an item is not positive definite.</summary>
    internal static Tensor Cholesky(Tensor a, FactoriseError? error)
    {
        Matrices.RequireSquare("cholesky", a.Type);
        return Apply(error is null ? CholeskyOp.Instance : new CholeskyOp { Error = error }, a);
    }

    private static Tensor SymmetricPart(Tensor a) => (a + a.T) * 0.5;

    /// <summary>Φ: the lower triangle, its diagonal halved.</summary>
    private static Tensor HalvedLower(Tensor a) => (Tril(a) + Tril(a, -1)) * 0.5;

    /// <summary>The factor of the symmetric part, which the kernel takes as it reads the matrix.</summary>
    private sealed record CholeskyOp : Op
    {
        public static readonly CholeskyOp Instance = new();

        /// <summary>What is raised when an item is not positive definite; the factorisation's own error if null.</summary>
        public FactoriseError? Error { get; init; }

        public override string Name => "cholesky";

        public override bool IsCostly => true;

        public override TensorType Infer(ReadOnlySpan<TensorType> inputs) => inputs[0];

        public override Tensor?[] Vjp(Tensor result, Tensor cotangent, ReadOnlySpan<bool> needed)
        {
            Tensor middle = SymmetricPart(HalvedLower(MatMul(result.T, cotangent)));
            Tensor half = SolveTriangular(result, middle, transposed: true);
            return [SymmetricPart(SolveTriangular(result, half.T, transposed: true))];
        }

        public override Tensor? Jvp(Tensor result, ReadOnlySpan<Tensor?> tangents)
        {
            Tensor half = SolveTriangular(result, SymmetricPart(tangents[0]!));
            return MatMul(result, HalvedLower(SolveTriangular(result, half.T)));
        }

        public override Tensor Vmap(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
            Apply(this, inputs[0]);

        public override View Lower(IEmitter emitter, ReadOnlySpan<View> inputs, TensorType result)
        {
            int n = result.Shape[-1];
            return emitter.Factorise(
                Factorisation.Cholesky,
                Matrices.Batch(result.Shape),
                (n, n),
                Error,
                [inputs[0]],
                result
            )[0];
        }
    }
}
