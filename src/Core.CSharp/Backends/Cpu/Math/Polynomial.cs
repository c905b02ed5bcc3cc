using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Polynomials c0 + c1·x + … by Horner's rule on even and odd coefficients apart, which halves the chain of dependent
/// operations. The coefficients are constants, so each becomes one operand in memory.
/// </summary>
internal static class Polynomial
{
    /// <summary>A step of Horner's rule.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Next<V>(V sum, V x, double c)
        where V : unmanaged, ILanes<V> => V.MultiplyAdd(sum, x, V.Of(c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, double c0, double c1, double c2)
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(V.Of(c2), y, c0);
        V odd = V.Of(c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, double c0, double c1, double c2, double c3, double c4)
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(V.Of(c4), y, c2), y, c0);
        V odd = Next(V.Of(c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5)
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(V.Of(c4), y, c2), y, c0);
        V odd = Next(Next(V.Of(c5), y, c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6)
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(Next(V.Of(c6), y, c4), y, c2), y, c0);
        V odd = Next(Next(V.Of(c5), y, c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7)
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(Next(V.Of(c6), y, c4), y, c2), y, c0);
        V odd = Next(Next(Next(V.Of(c7), y, c5), y, c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(
        V x,
        double c0,
        double c1,
        double c2,
        double c3,
        double c4,
        double c5,
        double c6,
        double c7,
        double c8
    )
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(Next(Next(V.Of(c8), y, c6), y, c4), y, c2), y, c0);
        V odd = Next(Next(Next(V.Of(c7), y, c5), y, c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(
        V x,
        double c0,
        double c1,
        double c2,
        double c3,
        double c4,
        double c5,
        double c6,
        double c7,
        double c8,
        double c9,
        double c10
    )
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(Next(Next(Next(V.Of(c10), y, c8), y, c6), y, c4), y, c2), y, c0);
        V odd = Next(Next(Next(Next(V.Of(c9), y, c7), y, c5), y, c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(
        V x,
        double c0,
        double c1,
        double c2,
        double c3,
        double c4,
        double c5,
        double c6,
        double c7,
        double c8,
        double c9,
        double c10,
        double c11,
        double c12
    )
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(Next(Next(Next(Next(V.Of(c12), y, c10), y, c8), y, c6), y, c4), y, c2), y, c0);
        V odd = Next(Next(Next(Next(Next(V.Of(c11), y, c9), y, c7), y, c5), y, c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(
        V x,
        double c0,
        double c1,
        double c2,
        double c3,
        double c4,
        double c5,
        double c6,
        double c7,
        double c8,
        double c9,
        double c10,
        double c11,
        double c12,
        double c13,
        double c14,
        double c15
    )
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(Next(Next(Next(Next(Next(Next(V.Of(c14), y, c12), y, c10), y, c8), y, c6), y, c4), y, c2), y, c0);
        V odd = Next(Next(Next(Next(Next(Next(Next(V.Of(c15), y, c13), y, c11), y, c9), y, c7), y, c5), y, c3), y, c1);
        return V.MultiplyAdd(odd, x, even);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(
        V x,
        double c0,
        double c1,
        double c2,
        double c3,
        double c4,
        double c5,
        double c6,
        double c7,
        double c8,
        double c9,
        double c10,
        double c11,
        double c12,
        double c13,
        double c14,
        double c15,
        double c16,
        double c17,
        double c18,
        double c19,
        double c20
    )
        where V : unmanaged, ILanes<V>
    {
        V y = x * x;
        V even = Next(
            Next(
                Next(
                    Next(
                        Next(Next(Next(Next(Next(Next(V.Of(c20), y, c18), y, c16), y, c14), y, c12), y, c10), y, c8),
                        y,
                        c6
                    ),
                    y,
                    c4
                ),
                y,
                c2
            ),
            y,
            c0
        );
        V odd = Next(
            Next(
                Next(
                    Next(Next(Next(Next(Next(Next(V.Of(c19), y, c17), y, c15), y, c13), y, c11), y, c9), y, c7),
                    y,
                    c5
                ),
                y,
                c3
            ),
            y,
            c1
        );
        return V.MultiplyAdd(odd, x, even);
    }
}
