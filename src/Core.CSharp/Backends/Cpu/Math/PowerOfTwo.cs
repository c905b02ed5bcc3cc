using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Whole powers of two by their bits.</summary>
internal static class PowerOfTwo
{
    /// <summary>a·2^k in two exact steps and one rounding, for hardware without a scaling instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Scale<V>(V a, V k)
        where V : unmanaged, ILanes<V>
    {
        V half = V.Floor(k * V.Of(0.5));
        return a * Of(half) * Of(k - half);
    }

    /// <summary>2^k for whole k within the exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Of<V>(V k)
        where V : unmanaged, ILanes<V>
    {
        // Adding 1.5·2^52 (float32: 1.5·2^23) leaves k, plus the bias of exponents, in the lowest bits.
        V shifted = k + V.Of(6755399441055744.0 + 1023, 12582912.0 + 127);
        return V.ShiftLeft(shifted, V.IsSingle ? 23 : 52);
    }
}
