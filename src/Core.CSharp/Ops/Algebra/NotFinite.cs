using Implicit.Kernels;

namespace Implicit.Ops;

/// <summary>What is raised about a matrix with NaN or an infinity, where every finite one has factors.</summary>
/// <param name="Kind">The factorisation.</param>
internal sealed record NotFinite(Factorisation Kind) : FactoriseError
{
    public override Exception Of(int pivot, bool isFinite, int item, int items) =>
        FactoriseFailure.Of(Kind, pivot, isFinite: false, item, items);
}
