using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// x^y = e^(y·log|x|) with the logarithm and the product held in two parts, as the exponential multiplies an error of its
/// argument by up to 745. Sums and products in two parts after Dekker (1971). Special cases are those of C99 annex F. Error ≤ 2 ulp.
/// </summary>
internal static class PowerFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Pow<V>(V x, V y)
        where V : unmanaged, ILanes<V>
    {
        V infinity = V.Of(double.PositiveInfinity);
        V zero = V.Of(0);
        V a = V.Abs(x);
        V high = LogInTwoParts(a, out V low);
        high = V.Select(V.Equal(a, zero), -infinity, V.Select(V.Less(a, infinity), high, a));
        V product = y * high;
        V rest = V.MultiplySubtract(y, high, product) + y * low;
        rest = V.Select(V.Less(V.Abs(product), V.Of(2000)), rest, zero);
        V r = Exponential.Reduce(Exponential.Clamp(product), out V k) + rest;
        V power = V.Scale(V.Of(1) + Exponential.OfReducedMinusOne(r), k);
        return Special(x, y, power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Special<V>(V x, V y, V power)
        where V : unmanaged, ILanes<V>
    {
        V zero = V.Of(0);
        V one = V.Of(1);
        V half = V.Of(0.5) * y;
        V isWhole = V.Equal(V.Truncate(y), y);
        V isHalfWhole = V.Equal(V.Truncate(half), half);
        V isOdd = V.Select(isHalfWhole, zero, isWhole);
        V result = power ^ (x & isOdd & V.Of(-0.0));
        V isRootOfNegative = V.Select(isWhole, zero, V.Less(x, zero) & V.Less(-V.Of(double.PositiveInfinity), x));
        result = V.Select(isRootOfNegative, V.Of(double.NaN), result);
        V isUnitAtInfinity = V.Equal(V.Abs(x), one) & V.Equal(V.Abs(y), V.Of(double.PositiveInfinity));
        return V.Select(V.Equal(x, one) | V.Equal(y, zero) | isUnitAtInfinity, one, result);
    }

    /// <summary>log a = result + low to about 2^−65 (float32: 2^−34) relative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogInTwoParts<V>(V a, out V low)
        where V : unmanaged, ILanes<V>
    {
        V f = Logarithm.Decompose(a, out V k);
        V m = LogOfMantissa(f, out V rest);
        V exponent = k * V.Of(0.6931471805598903, 0.693145752);
        V high = exponent + m;
        low = exponent - high + m + V.MultiplyAdd(k, V.Of(5.497923018708371e-14, 1.42860677e-06), rest);
        return high;
    }

    /// <summary>log(1 + f) = 2s + s³·(⅔ + s²·R(s²)), s = f/(2 + f), every leading term with its rounding error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogOfMantissa<V>(V f, out V low)
        where V : unmanaged, ILanes<V>
    {
        V d = V.Of(2) + f;
        V dLow = V.Of(2) - d + f;
        V s = f / d;
        V sLow = (V.MultiplyAdd(-s, d, f) - s * dLow) / d;
        V z = s * s;
        V zLow = V.MultiplySubtract(s, s, z) + (s + s) * sLow;
        V tail = z * Tail(z);
        V third = V.Of(0.6666666666666666, 0.6666666865348816);
        V w = third + tail;
        V wLow = third - w + tail + V.Of(3.700743415417188e-17, -1.9868215517249155e-08);
        V p = z * w;
        V pLow = V.MultiplySubtract(z, w, p) + V.MultiplyAdd(z, wLow, zLow * w);
        V t = s * p;
        V tLow = V.MultiplySubtract(s, p, t) + V.MultiplyAdd(s, pLow, sLow * p);
        V twice = s + s;
        V high = twice + t;
        low = twice - high + t + (tLow + (sLow + sLow));
        return high;
    }

    /// <summary>2·(artanh s − s − s³/3)/s⁵ in z = s².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tail<V>(V z)
        where V : unmanaged, ILanes<V>
    {
        V half = V.IsSingle
            ? Polynomial.Of(z, 0.200000077, 0.14281109, 0.115245014)
            : Polynomial.Of(
                z,
                0.2,
                0.14285714285714685,
                0.11111111110826383,
                0.09090909168049924,
                0.07692297443503587,
                0.06667404399406274,
                0.05853063232279337,
                0.05862163530444755
            );
        return half + half;
    }
}
