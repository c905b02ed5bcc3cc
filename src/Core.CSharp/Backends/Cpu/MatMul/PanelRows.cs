using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>The rows of a product by one panel of at most four vectors of columns, cut into tiles of five rows and what is left of them.</summary>
internal static unsafe class PanelRows<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    /// <summary>The rows of a tile.</summary>
    public const int Height = 5;

    /// <summary>C [m, n] from all rows of A and a panel of B; while they compute, tiles ask for <paramref name="ahead"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<U, A>(nint m, nint n, nint k, Matrix<T> a, T* b, nint bRow, T* c, nint cRow, A ahead)
        where U : struct, IUpdate
        where A : struct, IAhead<A>
    {
        int vectors = (int)((n + V.Count - 1) / V.Count);
        int last = (int)(n - (vectors - 1) * V.Count);
        if (vectors == 1)
            Rows<U, Size.One, A>(m, k, a, b, bRow, c, cRow, last, ahead);
        else if (vectors == 2)
            Rows<U, Size.Two, A>(m, k, a, b, bRow, c, cRow, last, ahead);
        else if (vectors == 3)
            Rows<U, Size.Three, A>(m, k, a, b, bRow, c, cRow, last, ahead);
        else
            Rows<U, Size.Four, A>(m, k, a, b, bRow, c, cRow, last, ahead);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<U, C, A>(nint m, nint k, Matrix<T> a, T* b, nint bRow, T* c, nint cRow, int last, A ahead)
        where U : struct, IUpdate
        where A : struct, IAhead<A>
        where C : unmanaged, ISize
    {
        if (last == V.Count)
            Rows<U, C, Edge.Whole, A>(m, k, a, b, bRow, c, cRow, last, ahead);
        else
            Rows<U, C, Edge.Part, A>(m, k, a, b, bRow, c, cRow, last, ahead);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<U, C, E, A>(
        nint m,
        nint k,
        Matrix<T> left,
        T* b,
        nint bRow,
        T* c,
        nint cRow,
        int last,
        A ahead
    )
        where U : struct, IUpdate
        where A : struct, IAhead<A>
        where C : unmanaged, ISize
        where E : struct, IEdge
    {
        T* a = left.Origin;
        nint aRow = left.Row;
        nint aColumn = left.Column;
        for (; m >= Height; m -= Height, a += Height * aRow, c += Height * cRow, ahead = ahead.After(k))
        {
            if (U.Reads)
                Prefetch(Math.Min(m - Height, Height), sizeof(C), c + Height * cRow, cRow);
            ProductTile<V, T, C, E, U>.Run<Size.Five, A>(k, a, aRow, aColumn, b, bRow, c, cRow, last, ahead);
        }
        if (m == 4)
            ProductTile<V, T, C, E, U>.Run<Size.Four, A>(k, a, aRow, aColumn, b, bRow, c, cRow, last, ahead);
        else if (m == 3)
            ProductTile<V, T, C, E, U>.Run<Size.Three, A>(k, a, aRow, aColumn, b, bRow, c, cRow, last, ahead);
        else if (m == 2)
            ProductTile<V, T, C, E, U>.Run<Size.Two, A>(k, a, aRow, aColumn, b, bRow, c, cRow, last, ahead);
        else if (m == 1)
            ProductTile<V, T, C, E, U>.Run<Size.One, A>(k, a, aRow, aColumn, b, bRow, c, cRow, last, ahead);
    }

    /// <summary>The next tile's sums go on from memory that may lie far away: it is asked for while this tile computes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(nint rows, int vectors, T* c, nint cRow)
    {
        if (!Sse.IsSupported)
            return;
        for (; rows > 0; rows--, c += cRow)
        {
            for (int vector = 0; vector < vectors; vector++)
                Sse.Prefetch0(c + vector * V.Count);
        }
    }
}
