using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>Loops that make and use truth values, stored as bytes 0 and 1.</summary>
internal static unsafe class Masks
{
    private const ulong LowBits = 0x0101010101010101;

    /// <summary>y = 1 where the comparison holds, else 0; with <paramref name="inverted"/> = 1 the other way round.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compare<TOp, V, T>(T* a, nint aStep, T* b, nint bStep, byte inverted, byte* y, nint n)
        where TOp : struct, IBinary
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        if (n <= 0)
            return;
        V a0 = V.Broadcast(*a);
        V b0 = V.Broadcast(*b);
        ulong flip = inverted == 0 ? 0 : ulong.MaxValue;
        for (nint i = 0; i < n; i += V.Count)
        {
            nint left = n - i;
            V va = aStep == 0 ? a0 : Lane.Load<V, T>(a + i, left);
            V vb = bStep == 0 ? b0 : Lane.Load<V, T>(b + i, left);
            Store(V.ToBits(TOp.Apply(va, vb)) ^ flip, y + i, (int)Math.Min(V.Count, left));
        }
    }

    /// <summary>y = a where the condition holds, else b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Select<V, T>(byte* condition, T* a, nint aStep, T* b, nint bStep, T* y, nint n)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        if (n <= 0)
            return;
        V a0 = V.Broadcast(*a);
        V b0 = V.Broadcast(*b);
        for (nint i = 0; i < n; i += V.Count)
        {
            nint left = n - i;
            V va = aStep == 0 ? a0 : Lane.Load<V, T>(a + i, left);
            V vb = bStep == 0 ? b0 : Lane.Load<V, T>(b + i, left);
            V mask = V.FromBits(Load(condition + i, (int)Math.Min(V.Count, left)));
            Lane.Store(V.Select(mask, va, vb), y + i, left);
        }
    }

    /// <summary>The lowest bits as bytes 0 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong bits, byte* y, int count)
    {
        for (int j = 0; j < count; j += 8)
        {
            ulong bytes = Spread(bits >> j);
            if (count - j >= 8)
                *(ulong*)(y + j) = bytes;
            else
                new ReadOnlySpan<byte>(&bytes, count - j).CopyTo(new Span<byte>(y + j, count - j));
        }
    }

    /// <summary>Bytes 0 and 1 as bits, the first lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* condition, int count)
    {
        ulong bits = 0;
        for (int j = 0; j < count; j += 8)
        {
            ulong bytes = 0;
            if (count - j >= 8)
                bytes = *(ulong*)(condition + j);
            else
                new ReadOnlySpan<byte>(condition + j, count - j).CopyTo(new Span<byte>(&bytes, 8));
            bits |= Gather(bytes) << j;
        }
        return bits;
    }

    /// <summary>Bit k of the lowest eight to byte k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong bits)
    {
        if (Bmi2.X64.IsSupported)
            return Bmi2.X64.ParallelBitDeposit(bits, LowBits);
        ulong apart = ((bits & 0xFF) * LowBits) & 0x8040201008040201;
        // A byte with any bit set carries into its highest bit when 127 is added.
        return ((apart | ((apart & 0x7F7F7F7F7F7F7F7F) + 0x7F7F7F7F7F7F7F7F)) >> 7) & LowBits;
    }

    /// <summary>The lowest bit of byte k to bit k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Gather(ulong bytes) =>
        Bmi2.X64.IsSupported
            ? Bmi2.X64.ParallelBitExtract(bytes, LowBits)
            : ((bytes & LowBits) * 0x0102040810204080) >> 56;
}
