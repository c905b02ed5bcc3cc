using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Native blocks, 64-byte aligned, in size classes (four to each power of two). Dropped tensors give their blocks back when they are
/// finalised, so garbage counts as outstanding until then. A collection is forced where no block is free and what is outstanding has grown by
/// the allowance since it was least: a step's garbage stays in memory that the process has already touched. What a collection frees
/// is kept; where that is too much, blocks of the size class that has not been asked for longest go back to the system.
/// </summary>
internal sealed unsafe class Pool
{
    /// <summary>The pool of the process.</summary>
    public static readonly Pool Shared = new(64L << 20);

    public const int Alignment = 64;
    private const int SmallestShift = 10;
    private const int Classes = 160;
    private readonly nint[] free = new nint[Classes];

    /// <summary>When a block of each class was last asked for, by a clock of such requests.</summary>
    private readonly long[] asked = new long[Classes];
    private readonly Lock gate = new();
    private readonly long allowance;

    /// <summary>What may be outstanding before recent garbage is collected.</summary>
    private long budget;

    /// <summary>What may be left by that before all garbage is collected: twice what can have been live since the last time.</summary>
    private long enough;
    private long outstanding;
    private long kept;
    private long clock;

    public Pool(long allowance)
    {
        this.allowance = allowance;
        budget = enough = allowance;
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
        nint released = 0;
        lock (gate)
        {
            outstanding -= capacity;
            budget = Math.Min(budget, outstanding + allowance);
            enough = Math.Min(enough, Twice(outstanding));
            long most = Math.Max(2 * allowance, outstanding);
            if (capacity > most)
                Link((nint)block, ref released);
            else
                Push(ClassOf(capacity), (nint)block, capacity);
            while (kept > most)
                Link(PopStalest(), ref released);
        }
        Free(released);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private nint Take(int index, long capacity)
    {
        lock (gate)
        {
            asked[index] = ++clock;
            if (free[index] == 0)
                return 0;
            outstanding += capacity;
            return Pop(index, capacity);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Push(int index, nint block, long capacity)
    {
        Link(block, ref free[index]);
        kept += capacity;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Pop(int index, long capacity)
    {
        nint block = free[index];
        free[index] = *(nint*)block;
        kept -= capacity;
        return block;
    }

    /// <summary>Of the blocks that are kept, the one least likely to be asked for.</summary>
    private nint PopStalest()
    {
        int stalest = -1;
        for (int index = 0; index < Classes; index++)
            if (free[index] != 0 && (stalest < 0 || asked[index] < asked[stalest]))
                stalest = index;
        return Pop(stalest, SizeOf(stalest));
    }

    /// <summary>A free block's first bytes hold the next of its list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Link(nint block, ref nint list)
    {
        *(nint*)block = list;
        list = block;
    }

    /// <summary>Gives a list of blocks back to the system, which may take long: nobody waits for the lock meanwhile.</summary>
    private static void Free(nint list)
    {
        while (list != 0)
        {
            nint next = *(nint*)list;
            NativeMemory.AlignedFree((void*)list);
            list = next;
        }
    }

    private byte* Fresh(long capacity)
    {
        byte* block = Allocate(capacity);
        lock (gate)
            outstanding += capacity;
        return block;
    }

    /// <summary>A block of the system's. Where it has none, what is kept here may be what it lacks, and what is garbage.</summary>
    private byte* Allocate(long capacity)
    {
        try
        {
            return (byte*)NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
        }
        catch (OutOfMemoryException)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            FreeKept();
            return (byte*)NativeMemory.AlignedAlloc((nuint)capacity, Alignment);
        }
    }

    private void FreeKept()
    {
        nint all = 0;
        lock (gate)
            while (kept > 0)
                Link(PopStalest(), ref all);
        Free(all);
    }

    /// <summary>
    /// Recent garbage first, with what outlived one collection because its step was going on; all of it only where that was not enough.
    /// </summary>
    private void Collect()
    {
        GC.Collect(1);
        GC.WaitForPendingFinalizers();
        bool everything = Outstanding > Interlocked.Read(ref enough);
        if (everything)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        lock (gate)
        {
            if (everything)
                enough = Twice(outstanding);
            budget = outstanding + allowance;
        }
    }

    private long Twice(long live) => Math.Max(allowance, 2 * live);

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
