using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Linear;

/// <summary>Why a system cannot be solved by factors.</summary>
/// <param name="Title">What the system is of.</param>
internal sealed record SystemError(string Title) : FactoriseError
{
    public override Exception Of(int pivot, bool isFinite, int item, int items) =>
        isFinite ? Singular(pivot, item, items) : NonFinite(item, items);

    public SolveException Singular(int pivot, int item, int items) =>
        new(
            $"[{Title}] Singular: A has no inverse to working precision, or is not positive definite although it was said to be, for pivot {pivot} is nothing{FailureText.ForItem(item, items)}. "
                + "Try lsmr or the pseudoinverse, which give the least squares solution of least norm."
        )
        {
            IsSingular = true,
        };

    public SolveException NonFinite(int item, int items) =>
        new(
            $"[{Title}] NonFinite: the operator or b is not finite, or the solution overflows{FailureText.ForItem(item, items)}. "
                + "Check the values of b and of what A captures."
        );
}
