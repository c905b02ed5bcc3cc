using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>A block that tiny values of a thread share, one behind the other, so that they need no finaliser. One that lives keeps it all.</summary>
internal unsafe struct SharedBlock
{
    private const int Bytes = 32 * 1024;

    private Storage? storage;
    private int used;

    /// <summary>The next bytes, a multiple of the alignment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Take(int bytes, out Storage owner)
    {
        if (storage == null || used + bytes > Bytes)
        {
            storage = new Storage(Pool.Shared, Bytes);
            used = 0;
        }
        owner = storage;
        byte* start = owner.Pointer + used;
        used += bytes;
        return start;
    }
}
