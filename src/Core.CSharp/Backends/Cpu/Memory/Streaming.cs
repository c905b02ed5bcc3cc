using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Copies to memory that is not read again soon: past the caches, so that lines need not be fetched before they are overwritten.
/// </summary>
internal static unsafe class Streaming
{
    /// <summary>Bytes of a line.</summary>
    private const int Line = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(void* source, void* target, nint bytes)
    {
        byte* from = (byte*)source;
        byte* to = (byte*)target;
        nint start = Math.Min(-(nint)to & (Line - 1), bytes);
        Buffer.MemoryCopy(from, to, start, start);
        for (bytes -= start, from += start, to += start; bytes >= Line; bytes -= Line, from += Line, to += Line)
            Vector512.Load(from).StoreAlignedNonTemporal(to);
        Buffer.MemoryCopy(from, to, bytes, bytes);
        // x86 does not order such stores before later ones: whoever is told that the copy is there must find all of it.
        if (Sse.IsSupported)
            Sse.StoreFence();
    }
}
