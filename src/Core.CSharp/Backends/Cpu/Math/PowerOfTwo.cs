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
        // The lowest bits become k plus the bias of exponents.
        V shifted = k + (Shift<V>() + V.Of(1023, 127));
        return V.ShiftLeft(shifted, 52, 23);
    }

    /// <summary>1.5·2^52 (float32: 1.5·2^23): what is added to it is rounded to a whole number, which its lowest bits then hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Shift<V>()
        where V : unmanaged, ILanes<V> => V.Of(6755399441055744.0, 12582912.0);
}
