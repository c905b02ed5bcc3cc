using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Products of matrices with any strides. How an element is summed depends on the number of columns and of terms only, never on the
/// number of rows or the strides: so a row of a product is the same to the bit whatever rows stand beside it.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>What a product takes on one thread, roughly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Nanoseconds<T>(nint m, nint n, nint k)
        where T : unmanaged => 0.003 * sizeof(T) * m * n * k;

    /// <summary>C [m, n] becomes, gains or loses A [m, k] · B [k, n]. C may not overlap A or B; its rows or its columns are contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<V, T, U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, Matrix<T> c)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        if (m <= 0 || n <= 0)
            return;
        bool isByLanes = 2 * n <= V.Count && k >= V.Count;
        if (!isByLanes && c.Column != 1 && n != 1)
            (m, n, a, b, c) = (n, m, b.Transposed, a.Transposed, c.Transposed);
        int parts = Workers.PartsFor(Nanoseconds<T>(m, n, k));
        if (parts > 1)
        {
            ProductJob<V, T, U> job = new(isByLanes, m, n, k, a, b, c);
            Workers.Run(parts, ref job);
        }
        else if (isByLanes)
            ByLanes<V, T, U>(m, n, k, a, b, c);
        else
            PanelProduct<V, T>.Run<U>(m, n, k, a, b, c);
    }

    /// <summary>Few columns: dot products of A's rows with B's columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByLanes<V, T, U>(nint m, nint n, nint k, Matrix<T> a, Matrix<T> b, Matrix<T> c)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
        where U : struct, IUpdate
    {
        if (a.Column != 1 && a.Row == 1)
        {
            ColumnTile<V, T, U>.Run(m, n, k, a.Origin, a.Column, b, c);
            return;
        }
        if (a.Column == 1 && b.Row == 1)
        {
            DotTile.Run<V, T, U>(m, n, k, a.Origin, a.Row, b.Origin, b.Column, c);
            return;
        }
        using Workspace<T> copies = new((a.Column == 1 ? 0 : m * k) + (b.Row == 1 ? 0 : n * k));
        T* free = copies.Pointer;
        free += a.Column == 1 ? 0 : m * k;
        a = Packing.Contiguous(m, k, a, copies.Pointer);
        b = Packing.Contiguous(n, k, b.Transposed, free);
        DotTile.Run<V, T, U>(m, n, k, a.Origin, a.Row, b.Origin, b.Row, c);
    }
}
