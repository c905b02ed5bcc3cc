namespace Implicit.Backends.Cpu;

/// <summary>What a body costs, in nanoseconds, by what was measured on the reference machine.</summary>
/// <param name="points">The points of its domain.</param>
/// <param name="instructions">What it computes for each of them.</param>
internal readonly struct BlockCost(long points, int instructions)
{
    private const double PerCall = 4;

    /// <summary>The way of an intermediate value through the cache.</summary>
    private const double PerPoint = 0.05;

    /// <summary>What a loop costs beside its instructions, which code without loops for few points does not have.</summary>
    private const double PerLoop = 70;
    private const int FewPoints = 32;

    /// <summary>What a run takes, roughly.</summary>
    public double Run => points * (0.1 + (0.1 * instructions));

    /// <summary>What interpreting costs more than machine code in each run: calls of loops, and ways through the cache.</summary>
    public double Saving =>
        (instructions * ((points / BlockPlan.MostPerBlock * PerCall) + PerCall + (points * PerPoint)))
        + (points <= FewPoints ? PerLoop : 0);
}
