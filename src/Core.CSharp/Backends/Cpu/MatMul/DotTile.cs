using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Products of rows with rows, c[i, j] = Σ_p a[i, p]·b[j, p], both contiguous along p: for results too narrow to fill vectors.
/// </summary>
internal static unsafe class DotTile
{
    /// <summary>All m·n products, in tiles of 4 × 2.</summary>
    public static void Run<V, T, U>(nint m, nint n, nint k, T* a, nint aRow, T* b, nint bRow, T* c, nint cRow)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        nint j = 0;
        for (; j + 2 <= n; j += 2)
            Columns<V, T, U, Size.Two>(m, k, a, aRow, b + j * bRow, bRow, c + j, cRow);
        if (j < n)
            Columns<V, T, U, Size.One>(m, k, a, aRow, b + j * bRow, bRow, c + j, cRow);
    }

    private static void Columns<V, T, U, C>(nint m, nint k, T* a, nint aRow, T* b, nint bRow, T* c, nint cRow)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where C : struct, ISize
        where U : struct, IUpdate
    {
        nint i = 0;
        for (; i + 4 <= m; i += 4)
            Tile<V, T, U, Size.Four, C>(k, a + i * aRow, aRow, b, bRow, c + i * cRow, cRow);
        for (; i < m; i++)
            Tile<V, T, U, Size.One, C>(k, a + i * aRow, aRow, b, bRow, c + i * cRow, cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<V, T, U, R, C>(nint k, T* a, nint aRow, T* b, nint bRow, T* c, nint cRow)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where R : struct, ISize
        where C : struct, ISize
        where U : struct, IUpdate
    {
        V s00 = V.Of(0),
            s10 = s00,
            s20 = s00,
            s30 = s00;
        V s01 = s00,
            s11 = s00,
            s21 = s00,
            s31 = s00;
        for (nint p = 0; p < k; p += V.Count)
        {
            nint left = k - p;
            V b0 = Lane.Load<V, T>(b + p, left);
            V b1 = C.Value < 2 ? b0 : Lane.Load<V, T>(b + bRow + p, left);
            Row<V, C>(Lane.Load<V, T>(a + p, left), b0, b1, ref s00, ref s01);
            if (R.Value < 4)
                continue;
            Row<V, C>(Lane.Load<V, T>(a + aRow + p, left), b0, b1, ref s10, ref s11);
            Row<V, C>(Lane.Load<V, T>(a + 2 * aRow + p, left), b0, b1, ref s20, ref s21);
            Row<V, C>(Lane.Load<V, T>(a + 3 * aRow + p, left), b0, b1, ref s30, ref s31);
        }
        Store<V, T, U, C>(c, s00, s01);
        if (R.Value < 4)
            return;
        Store<V, T, U, C>(c + cRow, s10, s11);
        Store<V, T, U, C>(c + 2 * cRow, s20, s21);
        Store<V, T, U, C>(c + 3 * cRow, s30, s31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V, C>(V a, V b0, V b1, ref V s0, ref V s1)
        where V : unmanaged, ILanes<V>
        where C : struct, ISize
    {
        s0 = V.MultiplyAdd(a, b0, s0);
        if (C.Value > 1)
            s1 = V.MultiplyAdd(a, b1, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, T, U, C>(T* c, V s0, V s1)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where C : struct, ISize
        where U : struct, IUpdate
    {
        Store<T, U>(V.Sum(s0), c);
        if (C.Value > 1)
            Store<T, U>(V.Sum(s1), c + 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T, U>(T sum, T* c)
        where T : unmanaged
        where U : struct, IUpdate
    {
        // One lane of a vector does the arithmetic of T.
        *c = Lanes128<T>.First(U.Apply(Lanes128<T>.Broadcast(*c), Lanes128<T>.Broadcast(sum)));
    }
}
