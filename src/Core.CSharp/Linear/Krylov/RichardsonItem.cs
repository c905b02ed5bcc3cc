namespace Implicit.Linear;

/// <summary>A system that Richardson's iteration has not solved yet.</summary>
/// <param name="number">Its place in the batch.</param>
/// <param name="size">The norm of the residual at the start.</param>
internal struct RichardsonItem(int number, double size)
{
    /// <summary>Its place in the batch.</summary>
    public int Number { get; } = number;

    /// <summary>Its row in memory.</summary>
    public int Row { get; set; } = number;

    /// <summary>The norm of the residual at the start.</summary>
    public double First { get; set; } = size;

    /// <summary>The norm of the residual before the last step.</summary>
    public double Last { get; set; } = size;

    /// <summary>Whether it is solved, or goes on by GMRES.</summary>
    public bool HasEnded { get; set; }
}
