using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Combines partial results that come one by one as a balanced tree: level i holds the combination of 2^i of them, as the
/// digits of a binary counter. Must be cleared to be reused.
/// </summary>
internal struct Cascade<TOp, T>
    where TOp : struct, IFold
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    private Levels levels;
    private ulong count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(T partial)
    {
        int level = 0;
        for (; (count >> level & 1) != 0; level++)
            partial = TOp.Combine(levels[level], partial);
        levels[level] = partial;
        count++;
    }

    /// <summary>All of them combined; the neutral element if there were none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly T Result()
    {
        if (count == 0)
            return TOp.Neutral<T>();
        int level = BitOperations.TrailingZeroCount(count);
        T result = levels[level];
        for (level++; level < 64; level++)
        {
            if ((count >> level & 1) != 0)
                result = TOp.Combine(levels[level], result);
        }
        return result;
    }

    public void Clear() => count = 0;

    [InlineArray(64)]
    private struct Levels
    {
        private T first;
    }
}
