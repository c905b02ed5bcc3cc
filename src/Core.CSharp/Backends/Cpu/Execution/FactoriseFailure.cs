using System.Diagnostics.CodeAnalysis;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>What to say when a factorisation stops.</summary>
internal static class FactoriseFailure
{
    /// <param name="kind">The factorisation.</param>
    /// <param name="isFinite">Whether its matrix is.</param>
    /// <param name="batch">How many items there are.</param>
    /// <param name="item">The one that failed.</param>
    /// <param name="at">Its pivot, row or eigenvalue that failed.</param>
    [DoesNotReturn]
    public static void Raise(Factorisation kind, bool isFinite, int batch, int item, int at)
    {
        string what = batch == 1 ? "a matrix" : $"item {item}";
        switch (kind)
        {
            case Factorisation.Cholesky or Factorisation.Lu when !isFinite:
                string op = kind.ToString().ToLowerInvariant();
                throw Singular(op, "the matrix must be finite", $"{what} that is not");
            case Factorisation.Cholesky:
                throw Singular(
                    "cholesky",
                    "the matrix must be positive definite",
                    $"{what} with pivot {at} not positive"
                );
            case Factorisation.Lu:
                throw Singular("lu", "the matrix must not be singular", $"{what} without a pivot in column {at}");
            case Factorisation.SymmetricEigen:
                throw Singular(
                    "eigh",
                    "the matrix must be finite, so that the iteration converges",
                    $"{what} whose eigenvalue {at} did not converge"
                );
            case Factorisation.Svd:
                throw Singular(
                    "svd",
                    "the matrix must be finite, so that the iteration converges",
                    $"{what} that did not converge"
                );
            default:
                throw Singular("solveTriangular", "the diagonal must not be zero", $"{what} with a zero in row {at}");
        }
    }

    private static TensorException Singular(string op, string must, string received) =>
        new($"[{op}] {must}. Received {received}.") { IsSingular = true };
}
