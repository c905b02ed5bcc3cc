namespace Implicit.Solvers.Convex;

/// <summary>Right sides that pass through a system together, so that its matrices are read once: one or two.</summary>
/// <param name="Count">How many.</param>
/// <param name="Step">Numbers in memory from one to the next.</param>
internal readonly record struct Sides(int Count, long Step)
{
    /// <summary>One alone.</summary>
    public static Sides One => new(1, 0);
}
