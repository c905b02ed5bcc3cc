using Implicit.Ops;

namespace Implicit.Linear;

/// <summary>A solution found without iteration is a number in every element.</summary>
/// <param name="Error">What is raised otherwise.</param>
internal sealed record FiniteSolution(SystemError Error) : Requirement
{
    public override int ItemRank => 1;

    /// <summary>The solution, once it was seen to be finite.</summary>
    /// <param name="x">The solution.</param>
    /// <param name="title">What the system is of, for the message.</param>
    public static Tensor Of(Tensor x, string title) =>
        Tensor.Ensure(x, Tensor.Reshape(x, [x.Length]), new FiniteSolution(new SystemError(title)));

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        foreach (double element in item)
            if (!double.IsFinite(element))
                throw Error.NonFinite(number, items);
    }
}
