using Implicit.Shapes;

namespace Implicit;

/// <summary>What is given for a problem that could not be solved, alone or as an item of a batch.</summary>
public enum OnFail
{
    /// <summary>An error that says which item, why, and what to try.</summary>
    Throw,

    /// <summary>
    /// NaN in every element, with a derivative of nothing: other items of a batch keep theirs, and where a loss leaves the item out
    /// (<c>Where(IsFinite(z), …)</c>), so does its gradient. What a function computes without its unknowns is computed beforehand: where that is NaN or not
    /// differentiable (√ of −1, NaN data times what items share) it spoils derivatives by itself, and must be left out there; where it is a solve that
    /// fails, that has a policy of its own.
    /// </summary>
    Nan,

    /// <summary>
    /// The best iterate, as if it were the solution; its derivative is that of the equation there, whose own failure is an error. Of a linear system, whose derivative
    /// is one again, the best iterate of that too.
    /// </summary>
    Best,
}

internal static class OnFailChecks
{
    /// <summary>Checks that a policy is one.</summary>
    public static void Check(this OnFail policy, string solve) =>
        Throw.Unless(
            Enum.IsDefined(policy),
            solve,
            "what is given for a failure must be OnFail.Throw, OnFail.Nan or OnFail.Best",
            $"{policy}"
        );
}
