using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// What <see cref="DotTile"/> computes, to the bit, of a left factor whose columns are contiguous: vectors run along the rows of the result,
/// and each has a sum for every lane that a dot product would have.
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
        V* sums = stackalloc V[V.Count];
        for (nint i = 0; i < m; i += V.Count)
        {
            int rows = (int)Math.Min(V.Count, m - i);
            for (nint j = 0; j < n; j++)
            {
                Matrix<T> column = b.From(0, j);
                if (rows == V.Count)
                    Sum<Edge.Whole>(k, a + i, aColumn, column.Origin, column.Row, sums, rows);
                else
                    Sum<Edge.Part>(k, a + i, aColumn, column.Origin, column.Row, sums, rows);
                for (int row = 0; row < rows; row++)
                    DotTile.Store<T, U>(((T*)sums)[row], c.Origin + (i + row) * c.Row + j * c.Column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<E>(nint k, T* a, nint aColumn, T* b, nint bRow, V* sums, int rows)
        where E : struct, IEdge
    {
        new Span<V>(sums, V.Count).Clear();
        for (nint p = 0; p < k; p += V.Count)
        {
            int lanes = (int)Math.Min(V.Count, k - p);
            for (int lane = 0; lane < lanes; lane++, a += aColumn, b += bRow)
                sums[lane] = V.MultiplyAdd(U.Signed(E.Load<V, T>(a, rows)), V.Broadcast(*b), sums[lane]);
        }
        // As ILanes.Sum does.
        for (int half = V.Count / 2; half > 0; half /= 2)
        {
            for (int lane = 0; lane < half; lane++)
                sums[lane] += sums[lane + half];
        }
    }
}
