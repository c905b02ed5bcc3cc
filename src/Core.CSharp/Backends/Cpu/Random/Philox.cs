using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, §3.3): a bijection of 128-bit counters keyed by 64 bits. Block c of a stream
/// is the image of the counter (c low, c high, 0, 0) and gives two 64-bit words, lower half first.
/// </summary>
internal static unsafe class Philox
{
    private const int Rounds = 10;
    private const uint M0 = 0xD2511F53;
    private const uint M1 = 0xCD9E8D57;
    private const uint W0 = 0x9E3779B9;
    private const uint W1 = 0xBB67AE85;

    /// <summary>The image of a counter, four words of 32 bits.</summary>
    public static (uint, uint, uint, uint) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)M0 * c0;
            ulong p1 = (ulong)M1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += W0;
            k1 += W1;
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>
    /// Eight consecutive blocks of a stream: their first and their second words. A 32-bit word fills a 64-bit lane, so that a lane
    /// holds a whole product.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<ulong> First, Vector512<ulong> Second) EightBlocks(ulong key, ulong block)
    {
        Vector512<ulong> low = Vector512.Create((ulong)uint.MaxValue);
        Vector512<ulong> counter = Vector512.Create(block) + Vector512<ulong>.Indices;
        Vector512<ulong> c0 = counter & low;
        Vector512<ulong> c1 = counter >>> 32;
        Vector512<ulong> c2 = Vector512<ulong>.Zero;
        Vector512<ulong> c3 = c2;
        uint k0 = (uint)key;
        uint k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> p0 = c0 * Vector512.Create((ulong)M0);
            Vector512<ulong> p1 = c2 * Vector512.Create((ulong)M1);
            c0 = (p1 >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c2 = (p0 >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c1 = p1 & low;
            c3 = p0 & low;
            k0 += W0;
            k1 += W1;
        }
        return (c0 | (c1 << 32), c2 | (c3 << 32));
    }
}
