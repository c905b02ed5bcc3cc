using Implicit.Ops;

namespace Implicit.Linear;

/// <summary>A matrix can be divided by: no pivot is nothing.</summary>
internal sealed record Regular : Requirement
{
    private static readonly Regular Instance = new();

    public override int ItemRank => 1;

    /// <summary>A value, once numbers (how far each pivot is from nothing) were seen to be positive.</summary>
    public static Tensor Where(Tensor value, Tensor pivots) =>
        Tensor.Ensure(value, Tensor.Reshape(pivots, [pivots.Length]), Instance);

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        for (int i = 0; i < item.Length; i++)
            if (item[i] <= 0.0)
                throw new SolveException(
                    $"[linearSolve] Singular: A has no inverse to working precision, for pivot {i} of {item.Length} is nothing{Of(number, items)}. "
                        + "Try lsmr or the pseudoinverse, which give the least squares solution of least norm."
                )
                {
                    IsSingular = true,
                };
    }
}
