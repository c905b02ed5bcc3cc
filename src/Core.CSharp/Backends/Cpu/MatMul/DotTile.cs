using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Products of rows with rows, c[i, j] = Σ_p a[i, p]·b[j, p], both contiguous along p: for results too narrow to fill vectors. Lane l sums
/// the p that leave l when divided by the number of lanes, in order; then the lanes are added.
/// </summary>
internal static unsafe class DotTile
{
    /// <summary>All m·n products, in tiles of 4 × 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, T, U>(nint m, nint n, nint k, T* a, nint aRow, T* b, nint bRow, Matrix<T> c)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        nint j = 0;
        for (; j + 2 <= n; j += 2)
            Columns<V, T, U, Size.Two>(m, k, a, aRow, b + j * bRow, bRow, c.From(0, j));
        if (j < n)
            Columns<V, T, U, Size.One>(m, k, a, aRow, b + j * bRow, bRow, c.From(0, j));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<V, T, U, C>(nint m, nint k, T* a, nint aRow, T* b, nint bRow, Matrix<T> c)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where C : unmanaged, ISize
        where U : struct, IUpdate
    {
        T* room = stackalloc T[8];
        nint i = 0;
        for (; i + 4 <= m; i += 4)
            Tile<V, T, U, Size.Four, C>(k, a + i * aRow, aRow, b, bRow, c.From(i, 0), room);
        for (; i < m; i++)
            Tile<V, T, U, Size.One, C>(k, a + i * aRow, aRow, b, bRow, c.From(i, 0), room);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<V, T, U, R, C>(nint k, T* a, nint aRow, T* b, nint bRow, Matrix<T> c, T* room)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where R : unmanaged, ISize
        where C : unmanaged, ISize
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
        for (; k >= V.Count; k -= V.Count, a += V.Count, b += V.Count)
        {
            V b0 = V.Load(b);
            V b1 = sizeof(C) < 2 ? b0 : V.Load(b + bRow);
            Row<V, U, C>(V.Load(a), b0, b1, ref s00, ref s01);
            if (sizeof(R) < 4)
                continue;
            Row<V, U, C>(V.Load(a + aRow), b0, b1, ref s10, ref s11);
            Row<V, U, C>(V.Load(a + 2 * aRow), b0, b1, ref s20, ref s21);
            Row<V, U, C>(V.Load(a + 3 * aRow), b0, b1, ref s30, ref s31);
        }
        if (k > 0)
        {
            int last = (int)k;
            V b0 = V.LoadPart(b, last);
            V b1 = sizeof(C) < 2 ? b0 : V.LoadPart(b + bRow, last);
            Row<V, U, C>(V.LoadPart(a, last), b0, b1, ref s00, ref s01);
            if (sizeof(R) == 4)
            {
                Row<V, U, C>(V.LoadPart(a + aRow, last), b0, b1, ref s10, ref s11);
                Row<V, U, C>(V.LoadPart(a + 2 * aRow, last), b0, b1, ref s20, ref s21);
                Row<V, U, C>(V.LoadPart(a + 3 * aRow, last), b0, b1, ref s30, ref s31);
            }
        }
        if (sizeof(R) < 4)
        {
            Store<T, U>(V.Sum(s00), c.Origin);
            if (sizeof(C) > 1)
                Store<T, U>(V.Sum(s01), c.Origin + c.Column);
            return;
        }
        // Sums that follow each other in the result are written there at once.
        bool isInPlace = !U.Reads && c.Row == sizeof(C) && (sizeof(C) == 1 || c.Column == 1);
        T* sums = isInPlace ? c.Origin : room;
        if (sizeof(C) == 1)
            V.Sums(s00, s10, s20, s30, sums);
        else
        {
            V.Sums(s00, s01, s10, s11, sums);
            V.Sums(s20, s21, s30, s31, sums + 4);
        }
        if (!isInPlace)
            Store<T, U, C>(sums, c);
    }

    /// <summary>The sums of four rows, one behind the other, to where they belong.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T, U, C>(T* sums, Matrix<T> c)
        where T : unmanaged
        where C : unmanaged, ISize
        where U : struct, IUpdate
    {
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < sizeof(C); j++)
                Store<T, U>(sums[i * sizeof(C) + j], c.Origin + i * c.Row + j * c.Column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V, U, C>(V a, V b0, V b1, ref V s0, ref V s1)
        where V : unmanaged, ILanes<V>
        where U : struct, IUpdate
        where C : unmanaged, ISize
    {
        s0 = U.Next(a, b0, s0);
        if (sizeof(C) > 1)
            s1 = U.Next(a, b1, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T, U>(T sum, T* c)
        where T : unmanaged
        where U : struct, IUpdate
    {
        // One lane of a vector does the arithmetic of T.
        *c = U.Reads ? Lanes128<T>.First(Lanes128<T>.Broadcast(*c) + Lanes128<T>.Broadcast(sum)) : sum;
    }
}
