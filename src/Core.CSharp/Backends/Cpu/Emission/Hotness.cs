using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// When a program is worth machine code: once interpreting has lost as much time as emitting will take, which is at most twice what
/// knowing the future would have cost.
/// </summary>
internal sealed class Hotness
{
    /// <summary>What emitting one kernel takes, in nanoseconds (measured: 0.3 to 1 ms).</summary>
    private const double Cost = 500_000;

    private readonly double lossPerRun;
    private readonly double limit;
    private double loss;

    public Hotness(ReadOnlySpan<PreparedKernel> kernels)
    {
        int count = 0;
        foreach (PreparedKernel kernel in kernels)
        {
            lossPerRun += kernel.Saving;
            count += kernel.Saving > 0 ? 1 : 0;
        }
        limit = Width == 0 ? 0 : count * Cost;
    }

    /// <summary>The bits of the vectors of emitted code; 0 where code cannot be emitted.</summary>
    public static int Width { get; } = RuntimeFeature.IsDynamicCodeCompiled ? VectorWidth.Bits : 0;

    /// <summary>Counts a run; true once, when the program has become hot. Threads may lose counts to each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsReached()
    {
        if (loss >= limit)
            return false;
        loss += lossPerRun;
        return loss >= limit && lossPerRun > 0;
    }
}
