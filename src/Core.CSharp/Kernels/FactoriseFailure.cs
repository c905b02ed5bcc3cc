using Implicit.Shapes;

namespace Implicit.Kernels;

/// <summary>What a factorisation that stops says, on every backend, where whoever needs the factors has no words of its own.</summary>
internal static class FactoriseFailure
{
    /// <summary>The error of an item.</summary>
    /// <param name="kind">The factorisation.</param>
    /// <param name="at">The pivot, row or eigenvalue that failed.</param>
    /// <param name="isFinite">Whether the item's matrix is.</param>
    /// <param name="item">Its place in the batch.</param>
    /// <param name="items">How many there are.</param>
    public static TensorException Of(Factorisation kind, int at, bool isFinite, int item, int items)
    {
        string what = FailureText.Item("a matrix", item, items);
        return kind switch
        {
            Factorisation.Cholesky or Factorisation.Lu or Factorisation.Qr when !isFinite => Singular(
                kind.ToString().ToLowerInvariant(),
                "the matrix must be finite",
                $"{what} that is not"
            ),
            Factorisation.Cholesky => Singular(
                "cholesky",
                "the matrix must be positive definite",
                $"{what} with pivot {at} not positive"
            ),
            Factorisation.Lu => Singular(
                "lu",
                "the matrix must not be singular",
                $"{what} without a pivot in column {at}"
            ),
            Factorisation.SymmetricEigen => Singular(
                "eigh",
                "the matrix must be finite, so that the iteration converges",
                $"{what} whose eigenvalue {at} did not converge"
            ),
            Factorisation.Svd => Singular(
                "svd",
                "the matrix must be finite, so that the iteration converges",
                $"{what} that did not converge"
            ),
            _ => Singular("solveTriangular", "the diagonal must not be zero", $"{what} with a zero in row {at}"),
        };
    }

    private static TensorException Singular(string op, string must, string received) =>
        new($"[{op}] {must}. Received {received}.") { IsSingular = true };
}
