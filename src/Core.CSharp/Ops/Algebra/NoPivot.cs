using Implicit.Kernels;

namespace Implicit.Ops;

/// <summary>
/// What is raised about a matrix that is factorised once for all that is asked of it: a determinant takes a singular one, and a solve does not.
/// </summary>
internal sealed record NoPivot : FactoriseError
{
    public static readonly NoPivot Error = new();

    public override bool TakesSingular => true;

    public override Exception Of(int pivot, bool isFinite, int item, int items)
    {
        string what = items == 1 ? "a matrix" : $"item {item}";
        return new TensorException(
            isFinite
                ? $"[lu] the matrix must not be singular. Received {what} without a pivot in column {pivot}."
                : $"[lu] the matrix must be finite. Received {what} that is not."
        )
        {
            IsSingular = true,
        };
    }
}
