using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Partial loads and stores where the hardware has no masked ones, and tables by lane.</summary>
internal static unsafe class LanePart
{
    /// <summary>2^i at lane i.</summary>
    public static ReadOnlySpan<uint> Bits32 =>
        [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768];

    /// <summary>2^i at lane i.</summary>
    public static ReadOnlySpan<ulong> Bits64 => [1, 2, 4, 8, 16, 32, 64, 128];

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static V Load<V, T>(T* source, int count)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        V value = default;
        for (int i = 0; i < count; i++)
            ((T*)&value)[i] = source[i];
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store<V, T>(V value, T* target, int count)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        for (int i = 0; i < count; i++)
            target[i] = ((T*)&value)[i];
    }
}
