using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Writes memory that is not read again soon: past the caches, so that lines need not be fetched before they are overwritten.
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
        nint start = Math.Min(ToLine(to), bytes);
        Buffer.MemoryCopy(from, to, start, start);
        for (bytes -= start, from += start, to += start; bytes >= Line; bytes -= Line, from += Line, to += Line)
            Vector512.Load(from).StoreAlignedNonTemporal(to);
        Buffer.MemoryCopy(from, to, bytes, bytes);
        End();
    }

    /// <summary>Bytes from an address to the next line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint ToLine(void* address) => -(nint)address & (Line - 1);

    /// <summary>Writes a vector, whose own size the address is a multiple of; where there are no vectors, a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V>(V value, void* target)
        where V : unmanaged
    {
        if (sizeof(V) == Vector512<byte>.Count)
            Unsafe.BitCast<V, Vector512<byte>>(value).StoreAlignedNonTemporal((byte*)target);
        else if (sizeof(V) == Vector256<byte>.Count)
            Unsafe.BitCast<V, Vector256<byte>>(value).StoreAlignedNonTemporal((byte*)target);
        else if (sizeof(V) == Vector128<byte>.Count)
            Unsafe.BitCast<V, Vector128<byte>>(value).StoreAlignedNonTemporal((byte*)target);
        else
            *(V*)target = value;
    }

    /// <summary>
    /// Follows the last of such stores: x86 does not order them before later ones, and whoever is told that they are done must find all of them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End()
    {
        if (Sse.IsSupported)
            Sse.StoreFence();
    }
}
