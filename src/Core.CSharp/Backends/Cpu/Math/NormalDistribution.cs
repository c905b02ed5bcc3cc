using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The standard normal distribution: its density φ, its distribution function Φ, and x·Φ(x). For |x| &lt; 1, Φ(x) − ½ is an odd polynomial. Beyond,
/// Φ(−a) = e^(−a²/2)·S/a, where S = a·e^(a²/2)·Φ(−a) is a polynomial in (a − c)/(a + c), the variable of Shepherd and Laframboise (1981).
/// The square is taken in two parts, as the exponential multiplies an error of its argument by up to 745. Polynomials interpolate at Chebyshev
/// nodes; errors ≤ 4 ulp.
/// </summary>
internal static class NormalDistribution
{
    /// <summary>x·Φ(x), which for negative x is −S·e^(−x²/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V a = V.Abs(x);
        V tail = V.Scale(ScaledTail(a, out V k), k);
        return V.Select(V.Less(a, V.Of(1)), x * Inner(x), V.AtLeast(V.Of(0), x) - tail);
    }

    /// <summary>Φ(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cdf<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V a = V.Abs(x);
        V tail = V.Scale(ScaledTail(a, out V k) / a, k);
        V outer = V.Select(V.Less(x, V.Of(0)), tail, V.Of(1) - tail);
        return V.Select(V.Less(a, V.Of(1)), Inner(x), outer);
    }

    /// <summary>φ(x) = e^(−x²/2)/√(2π).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Density<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V factor = V.Of(0.3989422804014327);
        V m = GaussianMinusOne(V.AtMost(Largest<V>(), V.Abs(x)), out V k);
        return V.Scale(V.MultiplyAdd(factor, m, factor), k);
    }

    /// <summary>a·Φ(−a)·2^(−k) for a ≥ 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ScaledTail<V>(V a, out V k)
        where V : unmanaged, ILanes<V>
    {
        V b = V.AtMost(Largest<V>(), a);
        V m = GaussianMinusOne(b, out k);
        V s = TailOverGaussian(b);
        return V.MultiplyAdd(s, m, s);
    }

    /// <summary>e^(−a²/2)·2^(−k) − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V GaussianMinusOne<V>(V a, out V k)
        where V : unmanaged, ILanes<V>
    {
        V square = a * a;
        V r = Exponential.Reduce(V.Of(-0.5) * square, out k);
        V rest = V.MultiplySubtract(a, a, square);
        return Exponential.OfReducedMinusOne(V.MultiplyAdd(V.Of(-0.5), rest, r));
    }

    /// <summary>A bound beyond which the density is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Largest<V>()
        where V : unmanaged, ILanes<V> => V.Of(40, 16);

    /// <summary>Φ(x) = ½ + x·P(x²) for |x| &lt; 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Inner<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V z = x * x;
        V p = V.IsSingle
            ? Polynomial.Of(
                z,
                0.398942292,
                -0.0664903596,
                0.00997332856,
                -0.00118634396,
                0.000113502298,
                -7.66053836e-6
            )
            : Polynomial.Of(
                z,
                0.3989422804014327,
                -0.06649038006690543,
                0.009973557010035022,
                -0.0011873282154680343,
                0.00011543468751655941,
                -9.444655793103845e-06,
                6.659679879655231e-07,
                -4.1224107514160815e-08,
                2.2704137585676e-09,
                -1.106432828275589e-10,
                4.0743269774266276e-12
            );
        return V.MultiplyAdd(x, p, V.Of(0.5));
    }

    /// <summary>a·e^(a²/2)·Φ(−a) on [1, 39], float32 on [1, 14.5].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V TailOverGaussian<V>(V a)
        where V : unmanaged, ILanes<V>
    {
        V centre = V.Of(4, 2.5);
        V t = (a - centre) / (a + centre);
        return V.IsSingle
            ? Polynomial.Of(
                t,
                0.353328317,
                0.136482164,
                -0.150851503,
                0.0706167072,
                -0.00359711051,
                -0.00903675146,
                0.000632382929,
                0.00166531629,
                -0.000273006212
            )
            : Polynomial.Of(
                t,
                0.37764256520787576,
                0.07369424422192966,
                -0.11037962061483894,
                0.10030777139128301,
                -0.06306264153434171,
                0.026428192961909278,
                -0.005509940667789751,
                -0.0009244369508188388,
                0.0008820813984031533,
                -4.8875359927167784e-05,
                -0.00011650173280673308,
                1.66185786240414e-05,
                1.7931498354235366e-05,
                -2.6035748139685067e-06,
                -3.2779708631773946e-06,
                2.0201639453086422e-07,
                6.533655930573032e-07,
                4.522215948321421e-08,
                -1.2813158131838707e-07,
                -1.9007139965963554e-08,
                2.0090171694195455e-08
            );
    }
}
