using Implicit.Ops;

namespace Implicit.Linear;

/// <summary>A solution found without iteration is a number in every element.</summary>
internal sealed record FiniteSolution : Requirement
{
    private static readonly FiniteSolution Instance = new();

    public override int ItemRank => 1;

    /// <summary>The solution, once it was seen to be finite.</summary>
    public static Tensor Of(Tensor x) => Tensor.Ensure(x, Tensor.Reshape(x, [x.Length]), Instance);

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        foreach (double element in item)
            if (!double.IsFinite(element))
                throw new SolveException(
                    $"[linearSolve] NonFinite: the operator or b is not finite, or the solution overflows{Of(number, items)}. "
                        + "Check the values of b and of what A captures."
                );
    }
}
