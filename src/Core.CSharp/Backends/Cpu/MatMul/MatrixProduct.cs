using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Products of matrices with any strides, C rows contiguous. The result is cut into panels of columns as wide as the registers
/// allow; B is read in place where its rows are contiguous and fit the caches, else copied panel by panel.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Beyond this many bytes of B, rows of a panel in place fall on too many pages and a copy pays.</summary>
    private const nint LargestInPlace = 512 * 1024;

    /// <summary>Copying B pays from this many rows of A.</summary>
    private const nint RowsWorthACopy = 16;

    /// <summary>C [m, n] becomes, gains or loses A [m, k] · B [k, n]; strides in elements. C may not overlap A or B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, T, U>(
        nint m,
        nint n,
        nint k,
        T* a,
        nint aRow,
        nint aColumn,
        T* b,
        nint bRow,
        nint bColumn,
        T* c,
        nint cRow
    )
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        if (m <= 0 || n <= 0)
            return;
        bool isNarrow = 2 * n <= V.Count;
        bool isShort = m < RowsWorthACopy && bColumn != 1 && bRow == 1;
        if (k > 0 && aColumn == 1 && m > 1 && isNarrow || isShort && aColumn == 1)
            Narrow<V, T, U>(m, n, k, a, aRow, b, bRow, bColumn, c, cRow);
        else if (bColumn == 1 && (m < RowsWorthACopy || k * n * sizeof(T) <= LargestInPlace))
            InPlace<V, T, U>(m, n, k, a, aRow, aColumn, b, bRow, c, cRow);
        else
            Packed<V, T, U>(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow);
    }

    /// <summary>Vectors per panel: with a row's broadcast and five rows of sums they fill the registers.</summary>
    private static int PanelVectors => Vector512.IsHardwareAccelerated || AdvSimd.IsSupported ? 4 : 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InPlace<V, T, U>(
        nint m,
        nint n,
        nint k,
        T* a,
        nint aRow,
        nint aColumn,
        T* b,
        nint bRow,
        T* c,
        nint cRow
    )
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        nint width = PanelVectors * V.Count;
        for (nint j = 0; j < n; j += width)
            Panel<V, T, U>(m, Math.Min(width, n - j), k, a, aRow, aColumn, b + j, bRow, c + j, cRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Packed<V, T, U>(
        nint m,
        nint n,
        nint k,
        T* a,
        nint aRow,
        nint aColumn,
        T* b,
        nint bRow,
        nint bColumn,
        T* c,
        nint cRow
    )
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        nint width = Math.Min(PanelVectors * V.Count, n);
        T* panel = (T*)NativeMemory.AlignedAlloc((nuint)(width * Math.Max(k, 1) * sizeof(T)), 64);
        for (nint j = 0; j < n; j += width)
        {
            nint columns = Math.Min(width, n - j);
            Packing.Copy(k, columns, b + j * bColumn, bRow, bColumn, panel);
            Panel<V, T, U>(m, columns, k, a, aRow, aColumn, panel, columns, c + j, cRow);
        }
        NativeMemory.AlignedFree(panel);
    }

    /// <summary>Few columns: products of rows of A with columns of B, copied to be contiguous if they are not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<V, T, U>(
        nint m,
        nint n,
        nint k,
        T* a,
        nint aRow,
        T* b,
        nint bRow,
        nint bColumn,
        T* c,
        nint cRow
    )
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        if (bRow == 1 || k == 1)
        {
            DotTile.Run<V, T, U>(m, n, k, a, aRow, b, bColumn, c, cRow);
            return;
        }
        T* columns = (T*)NativeMemory.AlignedAlloc((nuint)(n * k * sizeof(T)), 64);
        Packing.Copy(n, k, b, bColumn, bRow, columns);
        DotTile.Run<V, T, U>(m, n, k, a, aRow, columns, k, c, cRow);
        NativeMemory.AlignedFree(columns);
    }

    /// <summary>All rows of a panel of at most <see cref="PanelVectors"/> vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Panel<V, T, U>(
        nint m,
        nint n,
        nint k,
        T* a,
        nint aRow,
        nint aColumn,
        T* b,
        nint bRow,
        T* c,
        nint cRow
    )
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        int vectors = (int)((n + V.Count - 1) / V.Count);
        int last = (int)(n - (vectors - 1) * V.Count);
        if (vectors == 1)
            Rows<V, T, U, Size.One>(m, k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (vectors == 2)
            Rows<V, T, U, Size.Two>(m, k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (vectors == 3)
            Rows<V, T, U, Size.Three>(m, k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else
            Rows<V, T, U, Size.Four>(m, k, a, aRow, aColumn, b, bRow, c, cRow, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<V, T, U, C>(
        nint m,
        nint k,
        T* a,
        nint aRow,
        nint aColumn,
        T* b,
        nint bRow,
        T* c,
        nint cRow,
        int last
    )
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
        where C : struct, ISize
    {
        if (last == V.Count)
            Rows<V, T, U, C, Edge.Whole>(m, k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else
            Rows<V, T, U, C, Edge.Part>(m, k, a, aRow, aColumn, b, bRow, c, cRow, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<V, T, U, C, E>(
        nint m,
        nint k,
        T* a,
        nint aRow,
        nint aColumn,
        T* b,
        nint bRow,
        T* c,
        nint cRow,
        int last
    )
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
        where C : struct, ISize
        where E : struct, IEdge
    {
        for (; m >= 5; m -= 5, a += 5 * aRow, c += 5 * cRow)
            ProductTile<V, T, C, E, U>.Run<Size.Five>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        if (m == 4)
            ProductTile<V, T, C, E, U>.Run<Size.Four>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (m == 3)
            ProductTile<V, T, C, E, U>.Run<Size.Three>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (m == 2)
            ProductTile<V, T, C, E, U>.Run<Size.Two>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
        else if (m == 1)
            ProductTile<V, T, C, E, U>.Run<Size.One>(k, a, aRow, aColumn, b, bRow, c, cRow, last);
    }
}
