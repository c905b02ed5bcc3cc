using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// asin, acos, atan and atan2 by the half-angle reductions (Abramowitz and Stegun 4.4) and polynomials. Errors ≤ 4 ulp.
/// </summary>
internal static class InverseTrigonometric
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Asin<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V sign = x & V.Of(-0.0);
        V p = Chord(x ^ sign, out V outer);
        // asin a = π/2 − 2 asin √((1 − a)/2) for a > ½.
        V y = HighHalfPi<V>() - (p + p - LowHalfPi<V>());
        return V.Select(outer, y, p) | sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Acos<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V sign = x & V.Of(-0.0);
        V p = Chord(x ^ sign, out V outer);
        V inner = HighHalfPi<V>() - ((p | sign) - LowHalfPi<V>());
        V twice = p + p;
        V high = HighHalfPi<V>() + HighHalfPi<V>();
        V reflected = high - (twice - (LowHalfPi<V>() + LowHalfPi<V>()));
        return V.Select(outer, V.Select(V.SignMask(x), reflected, twice), inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V sign = x & V.Of(-0.0);
        return OfPositive(x ^ sign) | sign;
    }

    /// <summary>The angle of the point (x, y), in (−π, π].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Atan2<V>(V y, V x)
        where V : unmanaged, ILanes<V>
    {
        V ay = V.Abs(y);
        V ax = V.Abs(x);
        V steep = V.Less(ax, ay);
        V large = V.Select(steep, ay, ax);
        V small = V.Select(steep, ax, ay);
        // 0/0 stands for the angle 0 and ∞/∞ for the diagonal.
        V ratio = V.Select(V.Equal(small, large), V.Of(1), small / large);
        V angle = OfPositive(V.Select(V.Equal(large, V.Of(0)), V.Of(0), ratio));
        angle = V.Select(steep, HighHalfPi<V>() - (angle - LowHalfPi<V>()), angle);
        V high = HighHalfPi<V>() + HighHalfPi<V>();
        V left = high - (angle - (LowHalfPi<V>() + LowHalfPi<V>()));
        angle = V.Select(V.SignMask(x), left, angle) | (y & V.Of(-0.0));
        V ordered = V.Equal(x, x) & V.Equal(y, y);
        return V.Select(ordered, angle, x + y);
    }

    /// <summary>asin a for 0 ≤ a ≤ ½, asin √((1 − a)/2) for larger a, NaN above 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Chord<V>(V a, out V outer)
        where V : unmanaged, ILanes<V>
    {
        outer = V.Less(V.Of(0.5), a);
        V half = V.Of(0.5) * (V.Of(1) - a);
        V z = V.Select(outer, half, a * a);
        V s = V.Select(outer, V.Sqrt(half), a);
        V q = V.IsSingle
            ? Polynomial.Of(z, 0.166666657, 0.0750009492, 0.0445993207, 0.0311017279, 0.017143717, 0.0337007269)
            : Polynomial.Of(
                z,
                0.16666666666666669,
                0.07499999999998425,
                0.04464285714637338,
                0.030381944137085216,
                0.0223721730020056,
                0.0173523912659092,
                0.013971235301124917,
                0.011478952690254089,
                0.010324318288763578,
                0.005450878187643824,
                0.017419357965078285,
                -0.0148814093931001,
                0.02877844261277394
            );
        return V.MultiplyAdd(s * z, q, s);
    }

    /// <summary>atan a for a ≥ 0: by a, (a − 1)/(a + 1) or −1/a, whichever is within tan π/8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OfPositive<V>(V a)
        where V : unmanaged, ILanes<V>
    {
        V middle = V.Less(V.Of(0.41421356237309503), a);
        V far = V.Less(V.Of(2.414213562373095), a);
        V one = V.Of(1);
        V over = V.Select(far, -one, V.Select(middle, a - one, a));
        V under = V.Select(far, a, V.Select(middle, a + one, one));
        V t = over / under;
        V z = t * t;
        V q = V.IsSingle
            ? Polynomial.Of(z, -0.333333313, 0.199995384, -0.142638966, 0.107430995, -0.06449835)
            : Polynomial.Of(
                z,
                -0.3333333333333333,
                0.1999999999999548,
                -0.14285714284657894,
                0.11111111014561013,
                -0.09090904549884611,
                0.0769218253511664,
                -0.06664502215671353,
                0.05858068756860806,
                -0.05085030492807691,
                0.03921955253246738,
                -0.01916206891580967
            );
        V y = V.MultiplyAdd(t * z, q, t);
        V high = V.Select(far, HighHalfPi<V>(), V.Select(middle, V.Of(0.5) * HighHalfPi<V>(), V.Of(0)));
        V low = V.Select(far, LowHalfPi<V>(), V.Select(middle, V.Of(0.5) * LowHalfPi<V>(), V.Of(0)));
        return high + (y + low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V HighHalfPi<V>()
        where V : unmanaged, ILanes<V> => V.Of(1.5707963267948966, 1.5707963705062866);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LowHalfPi<V>()
        where V : unmanaged, ILanes<V> => V.Of(6.123233995736766e-17, -4.371138828673793e-08);
}
