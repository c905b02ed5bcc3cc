using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// What <see cref="DotTile"/> computes, to the bit, of a left factor whose columns are contiguous: vectors run along the rows of the result,
/// and each has a sum for every lane that a dot product would have. Two vectors by two columns, or four by one, are computed at once,
/// four lanes at a time.
/// </summary>
internal static unsafe class ColumnTile<V, T, U>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
    where U : struct, IUpdate
{
    /// <summary>c[i, j] = Σ_p a[i + p·aColumn]·b[p, j].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint m, nint n, nint k, T* a, nint aColumn, Matrix<T> b, Matrix<T> c)
    {
        nint most = (n == 1 ? 4 : 2) * V.Count;
        for (nint i = 0; i < m; i += most)
        {
            int rows = (int)Math.Min(most, m - i);
            nint j = 0;
            for (; j + 2 <= n; j += 2)
                Columns<Size.Two>(rows, k, a + i, aColumn, b.From(0, j), c.From(i, j));
            if (j < n)
                Columns<Size.One>(rows, k, a + i, aColumn, b.From(0, j), c.From(i, j));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<C>(int rows, nint k, T* a, nint aColumn, Matrix<T> b, Matrix<T> c)
        where C : unmanaged, ISize
    {
        if (rows == 4 * V.Count)
            Tile<Size.Four, C, Edge.Whole>(rows, V.Count, k, a, aColumn, b, c);
        else if (rows > 3 * V.Count)
            Tile<Size.Four, C, Edge.Part>(rows, rows - 3 * V.Count, k, a, aColumn, b, c);
        else if (rows > 2 * V.Count)
            Tile<Size.Three, C, Edge.Part>(rows, rows - 2 * V.Count, k, a, aColumn, b, c);
        else if (rows == 2 * V.Count)
            Tile<Size.Two, C, Edge.Whole>(rows, V.Count, k, a, aColumn, b, c);
        else if (rows > V.Count)
            Tile<Size.Two, C, Edge.Part>(rows, rows - V.Count, k, a, aColumn, b, c);
        else
            Tile<Size.One, C, Edge.Part>(rows, rows, k, a, aColumn, b, c);
    }

    /// <summary>
    /// As ILanes.Sum adds halves, lanes that are half of all apart are added first, then sums that are a quarter apart, which gives those of
    /// <see cref="Lanes"/>, and so on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<R, C, E>(int rows, int last, nint k, T* a, nint aColumn, Matrix<T> b, Matrix<T> c)
        where R : unmanaged, ISize
        where C : unmanaged, ISize
        where E : struct, IEdge
    {
        // The sums of a column lie behind each other: two vectors of rows, or four.
        V* sums = stackalloc V[4 * 4];
        int groups = Math.Max(1, V.Count / 4);
        for (int lane = 0; lane < groups; lane++)
            Lanes<R, C, E>(last, lane, k, a, aColumn, b, sums + 4 * lane);
        for (int apart = groups / 2; apart > 0; apart /= 2)
        {
            for (int sum = 0; sum < 4 * apart; sum++)
                sums[sum] += sums[sum + 4 * apart];
        }
        for (int column = 0; column < sizeof(C); column++)
        {
            T* sum = (T*)(sums + 2 * column);
            for (int row = 0; row < rows; row++)
                DotTile.Store<T, U>(sum[row], c.Origin + row * c.Row + column * c.Column);
        }
    }

    /// <summary>The sums of the lanes that are a quarter of all apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lanes<R, C, E>(int last, int lane, nint k, T* a, nint aColumn, Matrix<T> b, V* sums)
        where R : unmanaged, ISize
        where C : unmanaged, ISize
        where E : struct, IEdge
    {
        nint half = V.Count / 2;
        nint quarter = V.Count / 4;
        V w0 = V.Of(0),
            w1 = w0,
            w2 = w0,
            w3 = w0;
        V x0 = w0,
            x1 = w0,
            x2 = w0,
            x3 = w0;
        V y0 = w0,
            y1 = w0,
            y2 = w0,
            y3 = w0;
        V z0 = w0,
            z1 = w0,
            z2 = w0,
            z3 = w0;
        for (nint p = lane; p < k; p += V.Count)
        {
            Add<R, C, E>(last, p, a, aColumn, b, ref w0, ref w1, ref w2, ref w3);
            if (p + half < k)
                Add<R, C, E>(last, p + half, a, aColumn, b, ref x0, ref x1, ref x2, ref x3);
            if (quarter > 0 && p + quarter < k)
                Add<R, C, E>(last, p + quarter, a, aColumn, b, ref y0, ref y1, ref y2, ref y3);
            if (quarter > 0 && p + quarter + half < k)
                Add<R, C, E>(last, p + quarter + half, a, aColumn, b, ref z0, ref z1, ref z2, ref z3);
        }
        sums[0] = quarter > 0 ? w0 + x0 + (y0 + z0) : w0 + x0;
        if (sizeof(R) > 1)
            sums[1] = quarter > 0 ? w1 + x1 + (y1 + z1) : w1 + x1;
        if (sizeof(R) > 2 || sizeof(C) > 1)
            sums[2] = quarter > 0 ? w2 + x2 + (y2 + z2) : w2 + x2;
        if (sizeof(R) > 3 || (sizeof(R) > 1 && sizeof(C) > 1))
            sums[3] = quarter > 0 ? w3 + x3 + (y3 + z3) : w3 + x3;
    }

    /// <summary>Term number p of all sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<R, C, E>(
        int last,
        nint p,
        T* a,
        nint aColumn,
        Matrix<T> b,
        ref V s0,
        ref V s1,
        ref V s2,
        ref V s3
    )
        where R : unmanaged, ISize
        where C : unmanaged, ISize
        where E : struct, IEdge
    {
        T* at = a + p * aColumn;
        T* factor = b.Origin + p * b.Row;
        V a0 = Load<R, Size.One, E>(at, last);
        V a1 = sizeof(R) < 2 ? a0 : Load<R, Size.Two, E>(at + V.Count, last);
        V b0 = V.Broadcast(*factor);
        s0 = U.Next(a0, b0, s0);
        if (sizeof(R) > 1)
            s1 = U.Next(a1, b0, s1);
        if (sizeof(C) > 1)
        {
            V b1 = V.Broadcast(factor[b.Column]);
            s2 = U.Next(a0, b1, s2);
            if (sizeof(R) > 1)
                s3 = U.Next(a1, b1, s3);
            return;
        }
        if (sizeof(R) > 2)
            s2 = U.Next(Load<R, Size.Three, E>(at + 2 * V.Count, last), b0, s2);
        if (sizeof(R) > 3)
            s3 = U.Next(Load<R, Size.Four, E>(at + 3 * V.Count, last), b0, s3);
    }

    /// <summary>Vector number I of R, of which the last may be a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Load<R, I, E>(T* source, int last)
        where R : unmanaged, ISize
        where I : unmanaged, ISize
        where E : struct, IEdge => sizeof(R) == sizeof(I) ? E.Load<V, T>(source, last) : V.Load(source);
}
