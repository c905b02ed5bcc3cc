using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// exp, expm1 and what is made of them. The argument is reduced to x = k·ln 2 + r, |r| ≤ ½ ln 2 (Cody and Waite 1980, ch. 6);
/// with fused multiply-add x − k·(ln 2 rounded) is exact. Polynomials interpolate at Chebyshev nodes; errors ≤ 3 ulp.
/// </summary>
internal static class Exponential
{
    /// <summary>x = k·ln 2 + r, |k| &lt; 2^22.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Reduce<V>(V x, out V k)
        where V : unmanaged, ILanes<V>
    {
        k = V.MultiplyAdd(x, V.Of(1.4426950408889634), PowerOfTwo.Shift<V>()) - PowerOfTwo.Shift<V>();
        V r = V.MultiplyAdd(k, V.Of(-0.6931471805599453, -0.693147182464599609375), x);
        return V.MultiplyAdd(k, V.Of(-2.3190468138462996e-17, 1.904654299957768e-09), r);
    }

    /// <summary>e^r − 1 for |r| ≤ ½ ln 2, with small relative error.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V OfReducedMinusOne<V>(V r)
        where V : unmanaged, ILanes<V>
    {
        V q = V.IsSingle
            ? Polynomial.Of(r, 0.5, 0.166665763, 0.0416665561, 0.00836320315, 0.00139262131)
            : Polynomial.Of(
                r,
                0.5,
                0.1666666666666667,
                0.04166666666666667,
                0.008333333333326112,
                0.001388888888888373,
                0.0001984126987490126,
                2.4801587325605324e-05,
                2.7557255297969643e-06,
                2.755727357010214e-07,
                2.5105259538448494e-08,
                2.0914717341716378e-09
            );
        return V.MultiplyAdd(r * r, q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V r = Reduce(Clamp(x), out V k);
        return V.Scale(V.Of(1) + OfReducedMinusOne(r), k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        // The upper bound is the least with e^x = ∞ whose k still has a 2^(k − 1).
        V r = Reduce(V.AtMost(V.Of(709.9, 88.8), V.AtLeast(V.Of(-40, -20), x)), out V k);
        // Half of 2^k, as 2^1024 is no number; halving loses bits of a denormal number, which is its own result.
        V half = V.Scale(V.Of(0.5), k);
        V y = V.MultiplyAdd(half, OfReducedMinusOne(r), half - V.Of(0.5));
        return V.Select(V.Less(V.Abs(x), V.Of(1e-17, 1e-9)), x, y + y);
    }

    /// <summary>
    /// tanh x of x = k·½ ln 2 + r by the addition theorem, ((2^k + 1)·u + 2^k − 1) / ((2^k − 1)·u + 2^k + 1) with u = tanh r: as many operations as
    /// fit beside a division. s is −2^k and v is −u, so that a zero keeps its sign.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V a = V.AtMost(V.Of(20, 10), V.AtLeast(V.Of(-20, -10), x));
        // The lowest bits are k, the bias of exponents and the sign.
        V shift = PowerOfTwo.Shift<V>() + V.Of(1023 + 2048, 127 + 256);
        V shifted = V.MultiplyAdd(a, V.Of(2.8853900817779268), shift);
        // What ½ ln 2 is rounded by does not count, as tanh is flat where k is large.
        V r = V.MultiplyAdd(shifted - shift, V.Of(-0.34657359027997264), a);
        V z = r * r;
        V v = r * NegativeTanhOverArgument(z);
        V s = V.ShiftLeft(shifted, 52, 23);
        V less = s + V.Of(1);
        V more = s - V.Of(1);
        return V.MultiplySubtract(more, v, less) / V.MultiplySubtract(less, v, more);
    }

    /// <summary>−tanh r / r in z = r², |r| ≤ ¼ ln 2, by Horner's rule: of this length it is the shortest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V NegativeTanhOverArgument<V>(V z)
        where V : unmanaged, ILanes<V>
    {
        if (V.IsSingle)
            return Polynomial.Next(Polynomial.Next(V.Of(-0.131105766), z, 0.333312713), z, -1);
        V p = Polynomial.Next(V.Of(-0.003444796429412275), z, 0.008857305417354895);
        p = Polynomial.Next(p, z, -0.021869370614532843);
        p = Polynomial.Next(p, z, 0.05396825278067213);
        p = Polynomial.Next(p, z, -0.13333333332782976);
        return Polynomial.Next(Polynomial.Next(p, z, 0.33333333333332484), z, -1);
    }

    /// <summary>sinh |x| = (E + E/(E + 1))/2 with E = e^|x| − 1, and e^|x|/2 where the rest is lost in rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sinh<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V sign = x & V.Of(-0.0);
        V a = x ^ sign;
        V r = Reduce(Clamp(a), out V k);
        V m = OfReducedMinusOne(r);
        V s = V.Scale(V.Of(1), k);
        V e = V.MultiplyAdd(s, m, s - V.Of(1));
        V small = V.Of(0.5) * (e + e / (e + V.Of(1)));
        V large = V.Scale(V.Of(1) + m, k - V.Of(1));
        return V.Select(V.Less(V.Of(22, 10), a), large, small) | sign;
    }

    /// <summary>cosh x = h + 1/(4h) with h = e^|x|/2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cosh<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V r = Reduce(Clamp(V.Abs(x)), out V k);
        V h = V.Scale(V.Of(1) + OfReducedMinusOne(r), k - V.Of(1));
        return h + V.Of(0.25) / h;
    }

    /// <summary>Bounds beyond which e^x, and e^x/2, are 0 or ∞ in any case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Clamp<V>(V x)
        where V : unmanaged, ILanes<V> => V.AtMost(V.Of(712, 91), V.AtLeast(V.Of(-748, -106), x));
}
