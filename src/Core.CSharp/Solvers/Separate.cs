using Implicit.Ops;

namespace Implicit.Solvers;

/// <summary>Items are separate: what a function makes of all together is what it makes of each.</summary>
/// <param name="Title">Who solves, for messages.</param>
/// <param name="Most">How much may be rounding, beside 1 and the largest element.</param>
internal sealed record Separate(string Title, double Most) : Requirement
{
    /// <summary>The solutions, once they were seen to be solutions of the function of all items too.</summary>
    /// <param name="title">Who solves.</param>
    /// <param name="z">[items, n].</param>
    /// <param name="solved">[items], which of them are solutions: of the others nothing is asked; null if all are.</param>
    /// <param name="together">[items, n], F of all.</param>
    /// <param name="apart">[items, n], F of each.</param>
    public static Tensor Held(string title, Tensor z, Tensor? solved, Tensor together, Tensor apart)
    {
        Tensor size = 1.0 + Tensor.MaxNorm(z, 1) + Tensor.MaxNorm(apart, 1);
        Tensor difference = Tensor.MaxNorm(together - apart, 1) / size;
        return Tensor.Ensure(
            z,
            solved is null ? difference : Tensor.Where(solved, difference, Tensor.ZerosLike(difference)),
            new Separate(title, Math.Sqrt(Matrices.Rounding(z.DType)))
        );
    }

    public override void Verify(ReadOnlySpan<double> item, int number, int items)
    {
        // At a solution both are finite if they are the same, so NaN is a difference.
        if (!(item[0] <= Most))
            throw new TensorException(
                $"[{Title}] for perItem, row i of what the function returns must depend on row i of the state alone. Received a function whose row "
                    + $"{number} of {items} is another among the others than by itself."
            );
    }
}
