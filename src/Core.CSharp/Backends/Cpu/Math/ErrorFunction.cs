using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// erf x = x + x·P(x²) for |x| &lt; 1, and 1 − e^(−x²)·W beyond, where W = e^(x²) erfc x (Cody 1969) is a polynomial in
/// (x − c)/(x + c). Errors ≤ 3 ulp.
/// </summary>
internal static class ErrorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V sign = x & V.Of(-0.0);
        V a = x ^ sign;
        V inner = V.MultiplyAdd(a, OfSquare(a * a), a);
        V b = V.AtMost(V.Of(6, 4), a);
        V r = Exponential.Reduce(-(b * b), out V k);
        V e = V.Scale(V.Of(1) + Exponential.OfReducedMinusOne(r), k);
        V outer = V.Of(1) - e * ScaledComplement(b);
        return V.Select(V.Less(a, V.Of(1)), inner, outer) | sign;
    }

    /// <summary>erf √z / √z − 1 on [0, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V OfSquare<V>(V z)
        where V : unmanaged, ILanes<V> =>
        V.IsSingle
            ? Polynomial.Of(
                z,
                0.128379166,
                -0.37612626,
                0.112835944,
                -0.0268542115,
                0.00518908724,
                -0.00080168643,
                7.87587487e-05
            )
            : Polynomial.Of(
                z,
                0.1283791670955126,
                -0.3761263890318375,
                0.11283791670954879,
                -0.026866170645076792,
                0.0052239776248180145,
                -0.000854832698083379,
                0.0001205533111164271,
                -1.4925595266831182e-05,
                1.6461000484121361e-06,
                -1.6350312701054618e-07,
                1.4659775274046955e-08,
                -1.1372848856789924e-09,
                5.957176147746114e-11
            );

    /// <summary>e^(x²) erfc x on [1, 6], float32 on [1, 4].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ScaledComplement<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V centre = V.Of(3, 2);
        V t = (x - centre) / (x + centre);
        return V.IsSingle
            ? Polynomial.Of(
                t,
                0.255395681,
                -0.427185982,
                0.241658196,
                -0.0789683089,
                0.00373237184,
                0.00681114011,
                -0.000837975414
            )
            : Polynomial.Of(
                t,
                0.17900115118138996,
                -0.3262335600430372,
                0.24560380171233487,
                -0.15011593650077898,
                0.07166583719747308,
                -0.024392499318915004,
                0.004269136356961225,
                0.0007077464666941425,
                -0.0005970624964924544,
                4.525434558991009e-05,
                6.406279226046039e-05,
                -1.2845780030775907e-05,
                -8.00978093907608e-06,
                2.0135111426447427e-06,
                1.2755818949624478e-06,
                3.381355142042904e-09
            );
    }
}
