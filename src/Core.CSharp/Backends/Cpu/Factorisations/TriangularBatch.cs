using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Many triangular systems. Those of some tens of rows with one right side are solved as many at a time as a vector has lanes, one in each: four rows of all go into
/// lanes, and their unknowns are solved for. The bits are those of <see cref="TriangularSolve{V,T}"/>.
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

    /// <summary>T·X = B for T [batch, m, m] and B [batch, m, n], in which X may lie; the status of an item is that of an item alone.</summary>
    public static void Run(nint batch, nint m, nint n, T* t, T* b, bool lower, bool unit, T* x, int* status)
    {
        nint item = 0;
        if (IsInterleaved(m, n) && batch >= V.Count)
        {
            using Workspace<T> unknowns = new(m * V.Count);
            using Workspace<T> rows = new(4 * m * V.Count);
            for (; item + V.Count <= batch; item += V.Count)
            {
                T* triangles = t + (item * m * m);
                if (!unit && !AreNormal(m, triangles))
                {
                    Alone(V.Count, m, n, triangles, b + (item * m), lower, unit, x + (item * m), status + item);
                    continue;
                }
                Packing.Copy(m, V.Count, new(b + (item * m), 1, m), unknowns.Pointer);
                if (lower)
                    Together<Order.Rows, Order.Transposed>(m, triangles, lower, unit, unknowns.Pointer, rows.Pointer);
                else
                    Together<Order.Backwards, Order.TransposedBackwards>(
                        m,
                        triangles,
                        lower,
                        unit,
                        unknowns.Pointer,
                        rows.Pointer
                    );
                Packing.Copy(V.Count, m, new(unknowns.Pointer, 1, V.Count), x + (item * m), m);
                new Span<int>(status + item, V.Count).Clear();
            }
        }
        nint done = item * m * n;
        Alone(batch - item, m, n, t + (item * m * m), b + done, lower, unit, x + done, status + item);
    }

    private static void Alone(nint count, nint m, nint n, T* t, T* b, bool lower, bool unit, T* x, int* status)
    {
        for (; count > 0; count--, t += m * m, b += m * n, x += m * n)
        {
            Copies.Gather(b, 1, x, m * n);
            *status++ = TriangularSolve<V, T>.Run(m, n, t, m, 1, lower, unit, x, n);
        }
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
