using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Many triangular systems with one right side each. Those of some tens of rows are solved as many at a time as a vector has lanes, one in each: four rows of all go
/// into lanes, and their unknowns are solved for. The bits are those of <see cref="TriangularSolve{V,T}"/>.
/// </summary>
internal static unsafe class TriangularBatch<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Smaller systems take as long in scalars as going into lanes.</summary>
    private const int SmallestInterleaved = 16;

    /// <summary>Whether systems of m rows with n right sides go in lanes.</summary>
    public static bool IsInterleaved(nint m, nint n) =>
        n == 1 && V.Count > 1 && m is >= SmallestInterleaved and <= TriangularSolve<V, T>.LargestByColumns;

    /// <summary>T·x = b for T [batch, m, m] in place of b [batch, m], in lanes; the status of an item is that of an item alone.</summary>
    public static void Run(nint batch, nint m, T* t, bool lower, bool unit, T* x, int* status)
    {
        nint square = m * m;
        using Workspace<T> solved = new(m * V.Count);
        using Workspace<T> rows = new(4 * m * V.Count);
        nint item = 0;
        for (; item + V.Count <= batch; item += V.Count)
        {
            T* triangles = t + (item * square);
            T* own = x + (item * m);
            if (!unit && !AreNormal(m, triangles))
            {
                Alone(V.Count, m, triangles, lower, unit, own, status + item);
                continue;
            }
            Packing.Copy(m, V.Count, new(own, 1, m), solved.Pointer);
            if (lower)
                Together<Order.Rows, Order.Transposed>(m, triangles, lower, unit, solved.Pointer, rows.Pointer);
            else
                Together<Order.Backwards, Order.TransposedBackwards>(
                    m,
                    triangles,
                    lower,
                    unit,
                    solved.Pointer,
                    rows.Pointer
                );
            Packing.Copy(V.Count, m, new(solved.Pointer, 1, V.Count), own, m);
            new Span<int>(status + item, V.Count).Clear();
        }
        Alone(batch - item, m, t + (item * square), lower, unit, x + (item * m), status + item);
    }

    private static void Alone(nint count, nint m, T* t, bool lower, bool unit, T* x, int* status)
    {
        for (nint item = 0; item < count; item++)
            status[item] = TriangularSolve<V, T>.Run(m, 1, t + (item * m * m), m, 1, lower, unit, x + (item * m), 1);
    }

    /// <summary>Whether all diagonals have inverses.</summary>
    private static bool AreNormal(nint m, T* t)
    {
        bool areNormal = true;
        for (nint item = 0; item < V.Count; item++, t += m * m)
        for (nint i = 0; i < m; i++)
            areNormal &= T.IsNormal(t[i * (m + 1)]);
        return areNormal;
    }

    private static void Together<X, Y>(nint m, T* t, bool lower, bool unit, T* x, T* rows)
        where X : struct, IOrder
        where Y : struct, IOrder
    {
        nint i = 0;
        for (; i + 4 <= m; i += 4)
            Unknowns<X, Y, Size.Four>(i, m, t, lower, unit, x, rows);
        for (; i < m; i++)
            Unknowns<X, Y, Size.One>(i, m, t, lower, unit, x, rows);
    }

    /// <summary>The C unknowns after the i that are solved for, as a row; what an upper triangle solves for first is last in memory.</summary>
    private static void Unknowns<X, Y, C>(nint i, nint m, T* t, bool lower, bool unit, T* x, T* rows)
        where X : struct, IOrder
        where Y : struct, IOrder
        where C : unmanaged, ISize
    {
        nint width = i + sizeof(C);
        nint row = width * V.Count;
        T* from = t + (lower ? i * m : (m - width) * (m + 1));
        for (nint r = 0; r < sizeof(C); r++)
            Packing.Copy(width, V.Count, new(from + (r * m), 1, m * m), rows + (r * row));
        T* first = lower ? rows : rows + (sizeof(C) * row) - V.Count;
        V* inverses = stackalloc V[sizeof(C)];
        for (nint j = 0; j < sizeof(C); j++)
        {
            T* diagonal = first + ((i + j) * Y.Down(row, V.Count)) + (j * Y.Across(row, V.Count));
            inverses[j] = unit ? V.Of(1) : V.Of(1) / V.Load(diagonal);
        }
        T* start = lower ? x : x + ((m - 1) * V.Count);
        InterleavedTile<V, T, X, Y, C>.Run<Size.One>(i, start, row, first, inverses);
    }
}
