using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The register-blocked kernel of matrix products: R rows by C vectors of the result in up to 20 accumulators. Each element is a chain
/// of multiply-adds over k in order, so it does not depend on the tile that it falls into.
/// </summary>
internal static unsafe class ProductTile<V, T, C, E, U>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
    where C : unmanaged, ISize
    where E : struct, IEdge
    where U : struct, IUpdate
{
    /// <summary>c[i, j] = Σ_p a[i, p]·b[p, j]; the last vector has <paramref name="last"/> columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<R, A>(
        nint k,
        T* a,
        nint aRow,
        nint aColumn,
        T* b,
        nint bRow,
        T* c,
        nint cRow,
        int last,
        A ahead
    )
        where R : unmanaged, ISize
        where A : struct, IAhead<A>
    {
        Start<R, Size.One>(c, last, out V s00, out V s01, out V s02, out V s03);
        Start<R, Size.Two>(c + cRow, last, out V s10, out V s11, out V s12, out V s13);
        Start<R, Size.Three>(c + 2 * cRow, last, out V s20, out V s21, out V s22, out V s23);
        Start<R, Size.Four>(c + 3 * cRow, last, out V s30, out V s31, out V s32, out V s33);
        Start<R, Size.Five>(c + 4 * cRow, last, out V s40, out V s41, out V s42, out V s43);
        for (nint p = 0; p < k; p++, a += aColumn, b += bRow, ahead = ahead.After(1))
        {
            ahead.Ask();
            V b0 = sizeof(C) == 1 ? E.Load<V, T>(b, last) : V.Load(b);
            V b1 =
                sizeof(C) < 2 ? b0
                : sizeof(C) == 2 ? E.Load<V, T>(b + V.Count, last)
                : V.Load(b + V.Count);
            V b2 =
                sizeof(C) < 3 ? b0
                : sizeof(C) == 3 ? E.Load<V, T>(b + 2 * V.Count, last)
                : V.Load(b + 2 * V.Count);
            V b3 = sizeof(C) < 4 ? b0 : E.Load<V, T>(b + 3 * V.Count, last);
            Row(V.Broadcast(*a), b0, b1, b2, b3, ref s00, ref s01, ref s02, ref s03);
            if (sizeof(R) > 1)
                Row(V.Broadcast(a[aRow]), b0, b1, b2, b3, ref s10, ref s11, ref s12, ref s13);
            if (sizeof(R) > 2)
                Row(V.Broadcast(a[2 * aRow]), b0, b1, b2, b3, ref s20, ref s21, ref s22, ref s23);
            if (sizeof(R) > 3)
                Row(V.Broadcast(a[3 * aRow]), b0, b1, b2, b3, ref s30, ref s31, ref s32, ref s33);
            if (sizeof(R) > 4)
                Row(V.Broadcast(a[4 * aRow]), b0, b1, b2, b3, ref s40, ref s41, ref s42, ref s43);
        }
        Store(c, s00, s01, s02, s03, last);
        if (sizeof(R) > 1)
            Store(c + cRow, s10, s11, s12, s13, last);
        if (sizeof(R) > 2)
            Store(c + 2 * cRow, s20, s21, s22, s23, last);
        if (sizeof(R) > 3)
            Store(c + 3 * cRow, s30, s31, s32, s33, last);
        if (sizeof(R) > 4)
            Store(c + 4 * cRow, s40, s41, s42, s43, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(V x, V b0, V b1, V b2, V b3, ref V s0, ref V s1, ref V s2, ref V s3)
    {
        s0 = U.Next(x, b0, s0);
        if (sizeof(C) > 1)
            s1 = U.Next(x, b1, s1);
        if (sizeof(C) > 2)
            s2 = U.Next(x, b2, s2);
        if (sizeof(C) > 3)
            s3 = U.Next(x, b3, s3);
    }

    /// <summary>The sums of a row begin; rows beyond R are not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Start<R, I>(T* c, int last, out V s0, out V s1, out V s2, out V s3)
        where R : unmanaged, ISize
        where I : unmanaged, ISize
    {
        s0 = s1 = s2 = s3 = V.Of(0);
        if (!U.Reads || sizeof(I) > sizeof(R))
            return;
        s0 = sizeof(C) == 1 ? E.Load<V, T>(c, last) : V.Load(c);
        if (sizeof(C) > 1)
            s1 = sizeof(C) == 2 ? E.Load<V, T>(c + V.Count, last) : V.Load(c + V.Count);
        if (sizeof(C) > 2)
            s2 = sizeof(C) == 3 ? E.Load<V, T>(c + 2 * V.Count, last) : V.Load(c + 2 * V.Count);
        if (sizeof(C) > 3)
            s3 = E.Load<V, T>(c + 3 * V.Count, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, V s0, V s1, V s2, V s3, int last)
    {
        if (sizeof(C) > 1)
            V.Store(s0, c);
        if (sizeof(C) > 2)
            V.Store(s1, c + V.Count);
        if (sizeof(C) > 3)
            V.Store(s2, c + 2 * V.Count);
        V sum =
            sizeof(C) == 1 ? s0
            : sizeof(C) == 2 ? s1
            : sizeof(C) == 3 ? s2
            : s3;
        E.Store<V, T>(sum, c + (sizeof(C) - 1) * V.Count, last);
    }
}
