using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// sin, cos and tan: |x| = k·π/2 + r with π/2 in three parts (Cody and Waite 1980, ch. 8; exact in the first with fused
/// multiply-add), a polynomial on |r| ≤ π/4. Errors ≤ 4 ulp.
/// Beyond the limit of that reduction a lane is computed by System.Math, which is as accurate as the platform's library.
/// </summary>
internal static unsafe class Trigonometric
{
    private const double DoubleLimit = 1 << 30;
    private const double SingleLimit = 1 << 13;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V sign = x & V.Of(-0.0);
        V a = x ^ sign;
        V r = Reduce(a, out V quadrant);
        V y = Quarter(r, quadrant) ^ sign;
        return IsLarge(a, out V large) ? Patch(x, y, large, &Math.Sin) : y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V a = V.Abs(x);
        V r = Reduce(a, out V quadrant);
        V y = Quarter(r, V.AddBits(quadrant, V.OfBits(1, 1)));
        return IsLarge(a, out V large) ? Patch(x, y, large, &Math.Cos) : y;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tan<V>(V x)
        where V : unmanaged, ILanes<V>
    {
        V sign = x & V.Of(-0.0);
        V a = x ^ sign;
        V r = Reduce(a, out V quadrant);
        V z = r * r;
        V s = SinOfReduced(r, z);
        V c = CosOfReduced(z);
        V odd = V.ShiftLeft(quadrant, 63, 31);
        V isOdd = V.SignMask(odd);
        V y = V.Select(isOdd, c, s) / V.Select(isOdd, s, c) ^ odd ^ sign;
        return IsLarge(a, out V large) ? Patch(x, y, large, &Math.Tan) : y;
    }

    /// <summary>sin(r + quadrant·π/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Quarter<V>(V r, V quadrant)
        where V : unmanaged, ILanes<V>
    {
        V z = r * r;
        V odd = V.SignMask(V.ShiftLeft(quadrant, 63, 31));
        V y = V.Select(odd, CosOfReduced(z), SinOfReduced(r, z));
        return y ^ (V.ShiftLeft(quadrant, 62, 30) & V.Of(-0.0));
    }

    /// <summary>r, and k in the lowest bits of <paramref name="quadrant"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<V>(V a, out V quadrant)
        where V : unmanaged, ILanes<V>
    {
        quadrant = V.MultiplyAdd(a, V.Of(0.6366197723675814), PowerOfTwo.Shift<V>());
        V k = quadrant - PowerOfTwo.Shift<V>();
        V r = V.MultiplyAdd(k, V.Of(-1.5707963267948966, -1.5707963705062866), a);
        r = V.MultiplyAdd(k, V.Of(-6.123233995736766e-17, 4.371138828673793e-08), r);
        return V.MultiplyAdd(k, V.Of(1.4973849048591698e-33, 1.7151245100058819e-15), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SinOfReduced<V>(V r, V z)
        where V : unmanaged, ILanes<V>
    {
        V q = V.IsSingle
            ? Polynomial.Of(z, -0.166666642, 0.00833273679, -0.000195853732)
            : Polynomial.Of(
                z,
                -0.16666666666666666,
                0.008333333333330827,
                -0.0001984126983657571,
                2.755731600817155e-06,
                -2.505111227257324e-08,
                1.591672619388911e-10
            );
        return V.MultiplyAdd(r * z, q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V CosOfReduced<V>(V z)
        where V : unmanaged, ILanes<V>
    {
        V q = V.IsSingle
            ? Polynomial.Of(z, 0.0416666642, -0.00138882909, 2.45454194e-05)
            : Polynomial.Of(
                z,
                0.041666666666666664,
                -0.0013888888888887322,
                2.4801587298651292e-05,
                -2.755731721268659e-07,
                2.0876134024090145e-09,
                -1.1381754653662795e-11
            );
        return V.MultiplyAdd(z * z, q, V.MultiplyAdd(V.Of(-0.5), z, V.Of(1)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLarge<V>(V a, out V large)
        where V : unmanaged, ILanes<V>
    {
        large = V.Less(V.Of(DoubleLimit, SingleLimit), a);
        return V.ToBits(large) != 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V Patch<V>(V x, V y, V large, delegate* <double, double> exact)
        where V : unmanaged, ILanes<V>
    {
        ulong bits = V.ToBits(large);
        for (int i = 0; i < V.Count; i++)
        {
            if ((bits >> i & 1) == 0)
                continue;
            if (V.IsSingle)
                ((float*)&y)[i] = (float)exact(((float*)&x)[i]);
            else
                ((double*)&y)[i] = exact(((double*)&x)[i]);
        }
        return y;
    }
}
