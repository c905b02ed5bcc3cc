using Implicit.Kernels;

namespace Implicit.Ops;

/// <summary>What is raised about a matrix with NaN or an infinity, where every finite one has factors.</summary>
/// <param name="Op">The factorisation.</param>
internal sealed record NotFinite(string Op) : FactoriseError
{
    public override Exception Of(int pivot, bool isFinite, int item, int items) =>
        new TensorException(
            $"[{Op}] the matrix must be finite. Received {(items == 1 ? "a matrix" : $"item {item}")} that is not."
        )
        {
            IsSingular = true,
        };
}
