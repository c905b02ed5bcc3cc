using Implicit.Ops;

namespace Implicit.Linear;

/// <summary>A matrix can be divided by: no pivot is nothing.</summary>
/// <param name="Error">What is raised otherwise.</param>
internal sealed record Regular(SystemError Error) : Requirement
{
    public override int ItemRank => 1;

    /// <summary>A value, once numbers (how far each pivot is from nothing) were seen to be positive.</summary>
    /// <param name="value">The value.</param>
    /// <param name="pivots">The numbers.</param>
    /// <param name="title">What the system is of, for the message.</param>
    public static Tensor Where(Tensor value, Tensor pivots, string title) =>
        Tensor.Ensure(value, Tensor.Reshape(pivots, [pivots.Length]), new Regular(new SystemError(title)));

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        for (int i = 0; i < item.Length; i++)
            if (item[i] <= 0.0)
                throw Error.Singular(i, number, items);
    }
}
