namespace Implicit.Linear;

/// <summary>A system that Richardson's iteration has not solved yet.</summary>
internal record struct RichardsonItem
{
    /// <summary>Its place in the batch.</summary>
    public int Number { get; init; }

    /// <summary>Its row in memory.</summary>
    public int Row { get; set; }

    /// <summary>The norm of the residual at the start.</summary>
    public double First { get; set; }

    /// <summary>The norm of the residual before the last step.</summary>
    public double Last { get; set; }

    /// <summary>Whether it is solved, or goes on by GMRES.</summary>
    public bool HasEnded { get; set; }
}
