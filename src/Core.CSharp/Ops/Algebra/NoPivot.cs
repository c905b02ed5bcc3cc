using Implicit.Kernels;

namespace Implicit.Ops;

/// <summary>
/// What is raised about a matrix that is factorised once for all that is asked of it: a determinant takes a singular one, and a solve does not.
/// </summary>
internal sealed record NoPivot : FactoriseError
{
    public static readonly NoPivot Error = new();

    public override bool TakesSingular => true;

    public override Exception Of(int pivot, bool isFinite, int item, int items) =>
        FactoriseFailure.Of(Factorisation.Lu, pivot, isFinite, item, items);
}
