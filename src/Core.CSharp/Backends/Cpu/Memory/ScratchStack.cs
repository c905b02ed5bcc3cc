using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Memory of one thread for what is needed within a call, last in, first out: asking the system takes longer than a small product. What does
/// not fit is asked for.
/// </summary>
internal sealed unsafe class ScratchStack
{
    private const nint Bytes = 256 * 1024;

    [ThreadStatic]
    private static ScratchStack? own;

    private readonly byte* start = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, Pool.Alignment);
    private byte* free;

    private ScratchStack()
    {
        free = start;
    }

    ~ScratchStack() => NativeMemory.AlignedFree(start);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* Push(nint bytes)
    {
        ScratchStack stack = own ??= new ScratchStack();
        byte* block = stack.free;
        bytes = (bytes + Pool.Alignment - 1) & -Pool.Alignment;
        if (bytes > stack.start + Bytes - block)
            return (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Pool.Alignment);
        stack.free = block + bytes;
        return block;
    }

    /// <summary>Gives back the newest block that was not given back yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pop(byte* block)
    {
        ScratchStack stack = own!;
        if (block >= stack.start && block < stack.start + Bytes)
            stack.free = block;
        else
            NativeMemory.AlignedFree(block);
    }
}
