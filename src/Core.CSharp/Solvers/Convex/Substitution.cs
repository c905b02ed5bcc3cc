using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>
/// Triangular systems of problems side by side, four rows at a time, so that several chains of multiply-adds run at once. The factor L [n, n] has
/// the inverses of its diagonal's elements on it.
/// </summary>
internal static unsafe class Substitution<V>
    where V : unmanaged, ILanes<V, double>
{
    private static int Step => V.Count;

    /// <summary>x ← L⁻¹·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(Sides sides, int n, double* factor, double* x)
    {
        long row = (long)n * Step;
        int i = 0;
        for (; i + 4 <= n; i += 4, factor += 4 * row)
        {
            if (sides.Count == 2)
                ForwardRows<Size.Two>(i, row, factor, x, sides.Step);
            else
                ForwardRows<Size.One>(i, row, factor, x, sides.Step);
        }
        for (; i < n; i++, factor += row)
        for (int side = 0; side < sides.Count; side++)
        {
            double* own = x + (side * sides.Step);
            V rest = Lanewise<V>.Load(own, i) - Lanewise<V>.Dot(i, factor, own);
            V.Store(rest * Lanewise<V>.Load(factor, i), own + (i * Step));
        }
    }

    /// <summary>x ← L⁻ᵀ·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(Sides sides, int n, double* factor, double* x)
    {
        long row = (long)n * Step;
        int i = n;
        for (; i >= 4; i -= 4)
        {
            double* rows = factor + ((i - 4) * row);
            if (sides.Count == 2)
                BackwardRows<Size.Two>(i - 4, row, rows, x, sides.Step);
            else
                BackwardRows<Size.One>(i - 4, row, rows, x, sides.Step);
        }
        for (i--; i >= 0; i--)
        for (int side = 0; side < sides.Count; side++)
        {
            double* own = x + (side * sides.Step);
            V solved = Lanewise<V>.Load(own, i) * Lanewise<V>.Load(factor + (i * row), i);
            V.Store(solved, own + (i * Step));
            Lanewise<V>.Add(i, -solved, factor + (i * row), own);
        }
    }

    /// <summary>Rows i to i + 4, which begin at <paramref name="l"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardRows<S>(int i, long row, double* l, double* x, long side)
        where S : unmanaged, ISize
    {
        double* to = x + (i * Step);
        double* other = sizeof(S) == 2 ? to + side : to;
        V s0 = V.Load(to);
        V s1 = V.Load(to + Step);
        V s2 = V.Load(to + (2 * Step));
        V s3 = V.Load(to + (3 * Step));
        V t0 = V.Load(other);
        V t1 = V.Load(other + Step);
        V t2 = V.Load(other + (2 * Step));
        V t3 = V.Load(other + (3 * Step));
        for (; x < to; x += Step, l += Step)
        {
            V minus = -V.Load(x);
            V l0 = V.Load(l);
            V l1 = V.Load(l + row);
            V l2 = V.Load(l + (2 * row));
            V l3 = V.Load(l + (3 * row));
            s0 = V.MultiplyAdd(l0, minus, s0);
            s1 = V.MultiplyAdd(l1, minus, s1);
            s2 = V.MultiplyAdd(l2, minus, s2);
            s3 = V.MultiplyAdd(l3, minus, s3);
            if (sizeof(S) == 1)
                continue;
            minus = -V.Load(x + side);
            t0 = V.MultiplyAdd(l0, minus, t0);
            t1 = V.MultiplyAdd(l1, minus, t1);
            t2 = V.MultiplyAdd(l2, minus, t2);
            t3 = V.MultiplyAdd(l3, minus, t3);
        }
        ForwardCorner(row, l, s0, s1, s2, s3, to);
        if (sizeof(S) == 2)
            ForwardCorner(row, l, t0, t1, t2, t3, other);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardCorner(long row, double* l, V s0, V s1, V s2, V s3, double* to)
    {
        V x0 = s0 * V.Load(l);
        V.Store(x0, to);
        l += row;
        V x1 = V.MultiplyAdd(-V.Load(l), x0, s1) * V.Load(l + Step);
        V.Store(x1, to + Step);
        l += row;
        V x2 = V.MultiplyAdd(-V.Load(l + Step), x1, V.MultiplyAdd(-V.Load(l), x0, s2)) * V.Load(l + (2 * Step));
        V.Store(x2, to + (2 * Step));
        l += row;
        V x3 = V.MultiplyAdd(-V.Load(l + Step), x1, V.MultiplyAdd(-V.Load(l), x0, s3));
        x3 = V.MultiplyAdd(-V.Load(l + (2 * Step)), x2, x3) * V.Load(l + (3 * Step));
        V.Store(x3, to + (3 * Step));
    }

    /// <summary>Rows i to i + 4, which begin at <paramref name="l"/>: they are solved for and taken from the elements before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRows<S>(int i, long row, double* l, double* x, long side)
        where S : unmanaged, ISize
    {
        double* end = x + (i * Step);
        double* corner = l + (i * Step);
        BackwardCorner(row, corner, end, out V s0, out V s1, out V s2, out V s3);
        (V t0, V t1, V t2, V t3) = (s0, s1, s2, s3);
        if (sizeof(S) == 2)
            BackwardCorner(row, corner, end + side, out t0, out t1, out t2, out t3);
        for (; x < end; x += Step, l += Step)
        {
            V l0 = V.Load(l);
            V l1 = V.Load(l + row);
            V l2 = V.Load(l + (2 * row));
            V l3 = V.Load(l + (3 * row));
            V.Store(Plus(V.Load(x), l0, s0, l1, s1, l2, s2, l3, s3), x);
            if (sizeof(S) == 2)
                V.Store(Plus(V.Load(x + side), l0, t0, l1, t1, l2, t2, l3, t3), x + side);
        }
    }

    /// <summary>x plus the products, in two chains.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Plus(V x, V l0, V s0, V l1, V s1, V l2, V s2, V l3, V s3) =>
        V.MultiplyAdd(l1, s1, V.MultiplyAdd(l0, s0, x)) + V.MultiplyAdd(l3, s3, l2 * s2);

    /// <summary>Solves for four elements; gives their negatives.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BackwardCorner(long row, double* l, double* x, out V s0, out V s1, out V s2, out V s3)
    {
        double* l1 = l + row;
        double* l2 = l1 + row;
        double* l3 = l2 + row;
        V x3 = V.Load(x + (3 * Step)) * V.Load(l3 + (3 * Step));
        s3 = -x3;
        V x2 = V.MultiplyAdd(V.Load(l3 + (2 * Step)), s3, V.Load(x + (2 * Step))) * V.Load(l2 + (2 * Step));
        s2 = -x2;
        V x1 = V.MultiplyAdd(V.Load(l3 + Step), s3, V.Load(x + Step));
        x1 = V.MultiplyAdd(V.Load(l2 + Step), s2, x1) * V.Load(l1 + Step);
        s1 = -x1;
        V x0 = V.MultiplyAdd(V.Load(l2), s2, V.MultiplyAdd(V.Load(l3), s3, V.Load(x)));
        x0 = V.MultiplyAdd(V.Load(l1), s1, x0) * V.Load(l);
        s0 = -x0;
        V.Store(x0, x);
        V.Store(x1, x + Step);
        V.Store(x2, x + (2 * Step));
        V.Store(x3, x + (3 * Step));
    }
}
