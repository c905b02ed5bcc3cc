using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Products whose result has contiguous rows, cut into panels of columns as wide as the registers allow; B is read in place where its
/// rows are contiguous and fit the caches, else copied, block by block. Goto and van de Geijn, "Anatomy of high-performance matrix
/// multiplication", ACM TOMS 34 (2008).
/// </summary>
internal static unsafe class PanelProduct<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    /// <summary>Beyond this many bytes of B, rows of a panel in place fall on too many pages and a copy pays.</summary>
    private const nint LargestInPlace = 512 * 1024;

    /// <summary>Copying B pays from this many rows of A.</summary>
    private const nint RowsWorthACopy = 16;

    /// <summary>
    /// Terms per block: a panel of B then fills a part of the second cache. Sums that go on from memory cost more than panels that stay in the
    /// first cache would gain.
    /// </summary>
    private const nint BlockTerms = 1024;

    /// <summary>Columns per block of B.</summary>
    private const nint BlockColumns = 1024;

    /// <summary>Bytes of a block of A, which stays in the second cache while the panels pass.</summary>
    private const nint BlockBytes = 768 * 1024;

    /// <summary>Vectors per panel: with a row's broadcast and five rows of sums they fill the registers.</summary>
    private static int PanelVectors => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 4 : 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, Matrix<T> c)
        where U : struct, IUpdate
    {
        if (b.Column == 1 && (m < RowsWorthACopy || IsNear(n, k)))
            Panels<U>(m, n, k, a, b, PanelVectors * V.Count, c);
        else
            Blocks<U>(m, n, k, a, b, c);
    }

    /// <summary>Whether B is small enough to be read in place.</summary>
    public static bool IsNear(nint n, nint k) => k * n * sizeof(T) <= LargestInPlace;

    /// <summary>All panels of B, whose rows are contiguous within a panel; <paramref name="next"/> leads from panel to panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, nint next, Matrix<T> c)
        where U : struct, IUpdate
    {
        nint width = PanelVectors * V.Count;
        T* panel = b.Origin;
        for (nint j = 0; j < n; j += width, panel += next)
            Panel<U>(m, Math.Min(width, n - j), k, a, panel, b.Row, c.Origin + j, c.Row);
    }

    private static void Blocks<U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, Matrix<T> c)
        where U : struct, IUpdate
    {
        nint terms = Math.Min(k, BlockTerms);
        nint width = PanelVectors * V.Count;
        nint step = BlockRows(terms);
        using Workspace<T> panels = new(terms * (m <= step ? width : Math.Min(n, BlockColumns) + width));
        using Workspace<T> rows = new(IsPacked(a, terms) ? 0 : Math.Min(m, step) * terms);
        for (nint j = 0; j < n; j += BlockColumns)
        {
            nint columns = Math.Min(BlockColumns, n - j);
            nint p = 0;
            do
            {
                terms = Math.Min(BlockTerms, k - p);
                Matrix<T> left = a.From(0, p);
                Matrix<T> right = b.From(p, j);
                if (p == 0 || U.Reads)
                    Block<U>(m, columns, terms, left, right, panels.Pointer, rows.Pointer, step, c.From(0, j));
                else
                    // The sums that began in the first block go on.
                    Block<Update.Add>(m, columns, terms, left, right, panels.Pointer, rows.Pointer, step, c.From(0, j));
                p += terms;
            } while (p < k);
        }
    }

    private static bool IsPacked(Matrix<T> rows, nint terms) => rows.Column == 1 && rows.Row == terms;

    private static nint BlockRows(nint terms) => BlockBytes / (5 * Math.Max(terms, 1) * sizeof(T)) * 5;

    /// <summary>
    /// Rows of A, some at a time, by all panels of B. The first of them copy each panel just before they use it, so that it is read from the
    /// nearest cache; where there are no others, all panels are copied to one place.
    /// </summary>
    private static void Block<U>(
        nint m,
        nint n,
        nint k,
        Matrix<T> a,
        Matrix<T> b,
        T* panels,
        T* rows,
        nint step,
        Matrix<T> c
    )
        where U : struct, IUpdate
    {
        nint width = PanelVectors * V.Count;
        nint next = m <= step ? 0 : k;
        for (nint i = 0; i < m; i += step)
        {
            nint height = Math.Min(step, m - i);
            Matrix<T> left = a.From(i, 0);
            if (!IsPacked(left, k))
            {
                Packing.Copy(height, k, left, rows);
                left = new(rows, k, 1);
            }
            for (nint j = 0; j < n; j += width)
            {
                nint columns = Math.Min(width, n - j);
                T* panel = panels + (j * next);
                if (i == 0)
                    Packing.Copy(k, columns, b.From(0, j), panel, width);
                Panel<U>(height, columns, k, left, panel, width, c.Origin + (i * c.Row) + j, c.Row);
            }
        }
    }

    /// <summary>All rows of a panel of at most <see cref="PanelVectors"/> vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<U>(nint m, nint n, nint k, Matrix<T> a, T* b, nint bRow, T* c, nint cRow)
        where U : struct, IUpdate
    {
        int vectors = (int)((n + V.Count - 1) / V.Count);
        int last = (int)(n - (vectors - 1) * V.Count);
        if (vectors == 1)
            Rows<U, Size.One>(m, k, a, b, bRow, c, cRow, last);
        else if (vectors == 2)
            Rows<U, Size.Two>(m, k, a, b, bRow, c, cRow, last);
        else if (vectors == 3)
            Rows<U, Size.Three>(m, k, a, b, bRow, c, cRow, last);
        else
            Rows<U, Size.Four>(m, k, a, b, bRow, c, cRow, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<U, C>(nint m, nint k, Matrix<T> a, T* b, nint bRow, T* c, nint cRow, int last)
        where U : struct, IUpdate
        where C : struct, ISize
    {
        if (last == V.Count)
            Rows<U, C, Edge.Whole>(m, k, a, b, bRow, c, cRow, last);
        else
            Rows<U, C, Edge.Part>(m, k, a, b, bRow, c, cRow, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<U, C, E>(nint m, nint k, Matrix<T> left, T* b, nint bRow, T* c, nint cRow, int last)
        where U : struct, IUpdate
        where C : struct, ISize
        where E : struct, IEdge
    {
        T* a = left.Origin;
        nint aRow = left.Row;
        nint aColumn = left.Column;
        for (; m >= 5; m -= 5, a += 5 * aRow, c += 5 * cRow)
        {
            if (U.Reads)
                Prefetch(Math.Min(m - 5, 5), C.Value, c + 5 * cRow, cRow);
            ProductTile<V, T, C, E, U>.Run<Size.Five>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        }
        if (m == 4)
            ProductTile<V, T, C, E, U>.Run<Size.Four>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (m == 3)
            ProductTile<V, T, C, E, U>.Run<Size.Three>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (m == 2)
            ProductTile<V, T, C, E, U>.Run<Size.Two>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (m == 1)
            ProductTile<V, T, C, E, U>.Run<Size.One>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
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
