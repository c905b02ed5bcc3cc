namespace Implicit;

/// <summary>What is given for a problem that could not be solved, alone or as an item of a batch.</summary>
public enum OnFail
{
    /// <summary>An error that says which item, why, and what to try.</summary>
    Throw,

    /// <summary>
    /// NaN in every element, with a derivative of nothing: other items of a batch keep theirs, and where a loss leaves the item out
    /// (<c>Where(IsFinite(z), …)</c>), so does its gradient.
    /// </summary>
    Nan,

    /// <summary>The best iterate, as if it were the solution; its derivative is that of the equation there, whose own failure is an error.</summary>
    Best,
}
