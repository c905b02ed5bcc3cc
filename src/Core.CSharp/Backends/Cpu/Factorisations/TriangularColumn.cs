using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// One right side of a small triangular system, in scalars, four rows at a time: each row's terms are few, and a vector's would have to be summed across
/// its lanes before the next row can begin. The bits are those of <see cref="TriangularSolve{V,T}"/> for many columns.
/// </summary>
internal static unsafe class TriangularColumn<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>T·x = b for a lower triangle whose diagonal is of normal numbers, in place of b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint m, Matrix<T> t, bool unit, Matrix<T> x)
    {
        nint i = 0;
        for (; i + 4 <= m; i += 4)
            Tile<Size.Four>(i, t.From(i, 0), unit, x);
        for (; i < m; i++)
            Tile<Size.One>(i, t.From(i, 0), unit, x);
    }

    /// <summary>R = 4 rows, or one, of which the first is the i-th.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<R>(nint i, Matrix<T> t, bool unit, Matrix<T> x)
        where R : unmanaged, ISize
    {
        // A single row is read four times.
        nint row = sizeof(R) == 1 ? 0 : t.Row;
        nint next = sizeof(R) == 1 ? 0 : x.Row;
        T* t0 = t.Origin;
        T* t1 = t0 + row;
        T* t2 = t1 + row;
        T* t3 = t2 + row;
        T* at = x.Origin + (i * x.Row);
        T s0 = *at;
        T s1 = at[next];
        T s2 = at[2 * next];
        T s3 = at[3 * next];
        T* solved = x.Origin;
        for (; i > 0; i--, solved += x.Row, t0 += t.Column, t1 += t.Column, t2 += t.Column, t3 += t.Column)
        {
            s0 = Less(s0, *t0, *solved);
            if (sizeof(R) == 1)
                continue;
            s1 = Less(s1, *t1, *solved);
            s2 = Less(s2, *t2, *solved);
            s3 = Less(s3, *t3, *solved);
        }
        s0 *= Inverse(unit, t0);
        *at = s0;
        if (sizeof(R) == 1)
            return;
        nint second = t.Column;
        nint third = 2 * t.Column;
        s1 = Less(s1, *t1, s0) * Inverse(unit, t1 + second);
        at[next] = s1;
        s2 = Less(Less(s2, *t2, s0), t2[second], s1) * Inverse(unit, t2 + third);
        at[2 * next] = s2;
        s3 = Less(Less(Less(s3, *t3, s0), t3[second], s1), t3[third], s2);
        at[3 * next] = s3 * Inverse(unit, t3 + third + second);
    }

    /// <summary>s − t·x, rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Less(T s, T t, T x) => T.FusedMultiplyAdd(-t, x, s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Inverse(bool unit, T* diagonal) => unit ? T.One : T.One / *diagonal;
}
