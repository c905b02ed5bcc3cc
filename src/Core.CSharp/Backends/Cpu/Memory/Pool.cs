using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Native blocks, 64-byte aligned, in size classes (four to each power of two). Dropped tensors give their blocks back
/// when they are finalised, so garbage counts as outstanding until then: when more than the budget is outstanding and no
/// block is free, a collection is forced. What it leaves may grow by as much as the least budget before the next, and what it frees is kept.
/// </summary>
internal sealed unsafe class Pool
{
    /// <summary>The pool of the process.</summary>
    public static readonly Pool Shared = new(64L << 20);

    public const int Alignment = 64;
    private const int SmallestShift = 10;
    private readonly nint[] free = new nint[160];
    private readonly Lock gate = new();
    private readonly long leastBudget;
    private long budget;

    /// <summary>Twice what was live after the last collection of everything.</summary>
    private long enough;
    private long outstanding;
    private long kept;

    public Pool(long leastBudget)
    {
        this.leastBudget = leastBudget;
        budget = enough = leastBudget;
    }

    /// <summary>Bytes that are rented, dropped but not yet finalised ones included.</summary>
    public long Outstanding => Interlocked.Read(ref outstanding);

    /// <summary>Bytes that are free and kept for reuse.</summary>
    public long Kept => Interlocked.Read(ref kept);

    /// <summary>A block of at least so many bytes; <paramref name="capacity"/> is its true size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public byte* Rent(long bytes, out long capacity)
    {
        int index = ClassOf(bytes);
        capacity = SizeOf(index);
        nint block = Take(index, capacity);
        if (block == 0 && Outstanding + capacity > Interlocked.Read(ref budget))
        {
            Collect();
            block = Take(index, capacity);
        }
        return block == 0 ? Fresh(capacity) : (byte*)block;
    }

    /// <summary>Takes back a block of the capacity that <see cref="Rent"/> told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Return(byte* block, long capacity)
    {
        int index = ClassOf(capacity);
        lock (gate)
        {
            outstanding -= capacity;
            if (kept + capacity <= Math.Max(2 * leastBudget, outstanding))
            {
                *(nint*)block = free[index];
                free[index] = (nint)block;
                kept += capacity;
                return;
            }
        }
        NativeMemory.AlignedFree(block);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private nint Take(int index, long capacity)
    {
        lock (gate)
        {
            nint block = free[index];
            if (block == 0)
                return 0;
            free[index] = *(nint*)block;
            kept -= capacity;
            outstanding += capacity;
            return block;
        }
    }

    private byte* Fresh(long capacity)
    {
        byte* block = (byte*)NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
        lock (gate)
            outstanding += capacity;
        return block;
    }

    /// <summary>
    /// Recent garbage first, with what outlived one collection because its step was going on; all of it only where that was not enough.
    /// </summary>
    private void Collect()
    {
        GC.Collect(1);
        GC.WaitForPendingFinalizers();
        if (Outstanding > Interlocked.Read(ref enough))
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Interlocked.Exchange(ref enough, Math.Max(leastBudget, 2 * Outstanding));
        }
        Interlocked.Exchange(ref budget, Math.Max(Interlocked.Read(ref enough), Outstanding + leastBudget));
    }

    private static int ClassOf(long bytes)
    {
        if (bytes <= 1L << SmallestShift)
            return 0;
        int power = BitOperations.Log2((ulong)(bytes - 1));
        int quarter = (int)((bytes - 1) >> (power - 2)) & 3;
        return ((power - SmallestShift) * 4) + quarter + 1;
    }

    private static long SizeOf(int index)
    {
        int power = SmallestShift + ((index - 1) >> 2);
        return index == 0 ? 1L << SmallestShift : (5L + ((index - 1) & 3)) << (power - 2);
    }
}
