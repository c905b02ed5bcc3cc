using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// log, log1p and log10: x = 2^k·m with m in [√½, √2), s = (m − 1)/(m + 1), and log m = 2 artanh s, arranged so that
/// f = m − 1 enters exactly (Tang 1990; the arrangement is that of Ng's fdlibm). Errors ≤ 3 ulp.
/// </summary>
internal static class Logarithm
{
    /// <summary>f = m − 1 of positive x, denormal ones included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Decompose<V>(V x, out V k)
        where V : unmanaged, ILanes<V>
    {
        V tiny = V.Less(x, V.Of(2.2250738585072014e-308, 1.1754943508222875e-38));
        V scaled = V.Select(tiny, x * V.Of(18014398509481984.0, 33554432.0), x);
        // Bits of √½; above them the exponent is that of m in [√½, √2). The bias keeps the difference positive.
        V root = V.OfBits(0x3FE6A09E667F3BCD, 0x3F3504F3);
        V i = V.AddBits(scaled, V.OfBits(0x3FF0000000000000 - 0x3FE6A09E667F3BCD, 0x3F800000 - 0x3F3504F3));
        V e = V.IntegerToFloat(V.ShiftRight(i, 52, 23));
        k = e - V.Select(tiny, V.Of(1023 + 54, 127 + 25), V.Of(1023, 127));
        V m = V.AddBits(i & V.OfBits(0x000FFFFFFFFFFFFF, 0x007FFFFF), root);
        return m - V.Of(1);
    }

    /// <summary>log(1 + f) = f − Rest(f), plus k·ln 2's low part and a further small term that are subtracted too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest<V>(V f, V small)
        where V : unmanaged, ILanes<V>
    {
        V s = f / (V.Of(2) + f);
        V z = s * s;
        V q = V.IsSingle
            ? Polynomial.Of(z, 0.666666865, 0.399887592, 0.295809865)
            : Polynomial.Of(
                z,
                0.666666666666667,
                0.3999999999989889,
                0.28571428626253836,
                0.22222211089379493,
                0.18182892432537032,
                0.15331611722050653,
                0.14617807153462828
            );
        V h = V.Of(0.5) * f * f;
        return h - V.MultiplyAdd(s, V.MultiplyAdd(z, q, h), small);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V f = Decompose(x, out V k);
        return Special(x, AddExponent(k, f - Rest(f, k * LowOfLn2<V>())));
    }

    /// <summary>log(1 + x) = log u + c/u, where u + c is 1 + x exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V u = V.Of(1) + x;
        V b = u - V.Of(1);
        V c = V.Of(1) - (u - b) + (x - b);
        V f = Decompose(u, out V k);
        V y = Special(u, AddExponent(k, f - Rest(f, V.MultiplyAdd(k, LowOfLn2<V>(), c / u))));
        return V.Select(V.Equal(x, V.Of(0)), x, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log10<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V f = Decompose(x, out V k);
        V m = (f - Rest(f, V.Of(0))) * V.Of(0.4342944819032518);
        V low = V.MultiplyAdd(k, V.Of(-2.8037281277851704e-18, 1.1433942e-08), m);
        return Special(x, V.MultiplyAdd(k, V.Of(0.3010299956639812, 0.30102998), low));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AddExponent<V>(V k, V log)
        where V : unmanaged, ILanes<V> => V.MultiplyAdd(k, V.Of(0.6931471805599453, 0.693147182464599609375), log);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LowOfLn2<V>()
        where V : unmanaged, ILanes<V> => V.Of(2.3190468138462996e-17, -1.904654299957768e-09);

    /// <summary>−∞ at 0, ∞ at ∞, NaN below 0 and at NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Special<V>(V x, V log)
        where V : unmanaged, ILanes<V>
    {
        V infinity = V.Of(double.PositiveInfinity);
        V y = V.Select(V.Less(x, infinity), log, x);
        V rest = V.Select(V.Equal(x, V.Of(0)), -infinity, V.Of(double.NaN));
        return V.Select(V.Less(V.Of(0), x), y, rest);
    }
}
