using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

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

    /// <summary>Bytes of a panel from which it pays to ask for the next.</summary>
    private const nint LeastAhead = 64 * 1024;

    /// <summary>Vectors per panel: with a row's broadcast and five rows of sums they fill the registers.</summary>
    private static int PanelVectors => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 4 : 2;

    /// <summary>Columns per panel.</summary>
    private static nint Width => PanelVectors * V.Count;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, Matrix<T> c)
        where U : struct, IUpdate
    {
        if (b.Column != 1 || (m >= RowsWorthACopy && !IsNear(n, k)))
            Blocks<U>(m, n, k, a, b, c);
        // Panels of a factor that was laid out lie one behind the other, and so do a batch's.
        else if (n == Width && b.Row == Width && k * n * sizeof(T) >= LeastAhead)
            PanelRows<V, T>.Run<U, Ahead.Memory>(m, n, k, a, b.Origin, n, c.Origin, c.Row, Next(b.Origin + (k * n), m));
        else
            Panels<U>(m, n, k, a, b, c);
    }

    /// <summary>Whether B is small enough to be read in place.</summary>
    public static bool IsNear(nint n, nint k) => k * n * sizeof(T) <= LargestInPlace;

    /// <summary>All panels of B in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panels<U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, Matrix<T> c)
        where U : struct, IUpdate
    {
        for (nint j = 0; j < n; j += Width)
        {
            T* panel = b.Origin + j;
            Ahead.Nothing nothing = default;
            PanelRows<V, T>.Run<U, Ahead.Nothing>(
                m,
                Math.Min(Width, n - j),
                k,
                a,
                panel,
                b.Row,
                c.Origin + j,
                c.Row,
                nothing
            );
        }
    }

    /// <summary>The panel that is used next: the tiles of <paramref name="m"/> rows ask for a part each.</summary>
    private static Ahead.Memory Next(T* panel, nint m)
    {
        nint tiles = (m + PanelRows<V, T>.Height - 1) / PanelRows<V, T>.Height;
        return new((byte*)panel, ((Width * sizeof(T)) + tiles - 1) / tiles);
    }

    private static void Blocks<U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, Matrix<T> c)
        where U : struct, IUpdate
    {
        nint terms = Math.Min(k, BlockTerms);
        nint step = BlockRows(terms);
        using Workspace<T> panels = new(terms * (m <= step ? Width : Math.Min(n, BlockColumns) + Width));
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

    private static nint BlockRows(nint terms) =>
        BlockBytes / (PanelRows<V, T>.Height * Math.Max(terms, 1) * sizeof(T)) * PanelRows<V, T>.Height;

    /// <summary>
    /// Rows of A, some at a time, by all panels of B. The panels are copied first, and each is asked for while the one before it is used: the third cache
    /// takes too long to be waited for. Where there are rows for one pass only, each panel is copied to the same place just before its use.
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
        bool isOnePass = m <= step;
        if (!isOnePass)
            Packing.Panels(k, n, b, Width, panels);
        for (nint i = 0; i < m; i += step)
        {
            nint height = Math.Min(step, m - i);
            Matrix<T> left = a.From(i, 0);
            if (!IsPacked(left, k))
            {
                Packing.Copy(height, k, left, rows);
                left = new(rows, k, 1);
            }
            for (nint j = 0; j < n; j += Width)
            {
                nint columns = Math.Min(Width, n - j);
                T* panel = isOnePass ? panels : panels + (j * k);
                if (isOnePass)
                    Packing.Copy(k, columns, b.From(0, j), panel, Width);
                T* next = isOnePass || j + Width >= n ? panels : panel + (Width * k);
                PanelRows<V, T>.Run<U, Ahead.Memory>(
                    height,
                    columns,
                    k,
                    left,
                    panel,
                    Width,
                    c.Origin + (i * c.Row) + j,
                    c.Row,
                    Next(next, height)
                );
            }
        }
    }
}
