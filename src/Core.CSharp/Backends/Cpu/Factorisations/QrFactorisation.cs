using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = Q·R with orthonormal columns of Q, by blocks of Householder reflections (Golub and Van Loan 2013, §5.2.2 and §5.2.3). R's diagonal has the
/// sign opposite to that of the column it eliminates, so it may be negative. Works on Aᵀ, whose rows are A's columns.
/// </summary>
internal static unsafe class QrFactorisation<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A [m, n] → Q [m, k], R [k, n] with k = min(m, n). Always succeeds: returns 0.</summary>
    public static int Run(nint m, nint n, T* a, T* q, T* r)
    {
        nint k = Math.Min(m, n);
        using Workspace<T> columns = new(n * m);
        using Workspace<T> basis = new(k * m);
        using Workspace<T> taus = new(k);
        Packing.Copy(n, m, new(a, 1, n), columns.Pointer);
        Eliminate(m, n, columns.Pointer, taus.Pointer, r);
        new Span<T>(basis.Pointer, (int)(k * m)).Clear();
        ReflectionBlock<V, T>.Accumulate(k, m, columns.Pointer, taus.Pointer, basis.Pointer, m);
        Packing.Copy(m, k, new(basis.Pointer, 1, m), q);
        return 0;
    }

    /// <summary>Leaves the vectors of the reflections in the first columns, with zeros above, and R.</summary>
    private static void Eliminate(nint m, nint n, T* columns, T* taus, T* r)
    {
        nint k = Math.Min(m, n);
        new Span<T>(r, (int)(k * n)).Clear();
        for (nint first = 0; first < k; first += ReflectionBlock<V, T>.Most)
        {
            nint end = Math.Min(first + ReflectionBlock<V, T>.Most, k);
            for (nint j = first; j < end; j++)
            {
                T* column = columns + (j * m);
                Take(j, column, r + j, n);
                taus[j] = Householder<V, T>.Make(column + j, m - j, out r[(j * n) + j]);
                Householder<V, T>.Apply(taus[j], column + j, m - j, end - j - 1, column + m + j, m);
            }
            T* corner = columns + (first * m) + first;
            var block = new ReflectionBlock<V, T>(end - first, m - first, corner, m, taus + first);
            block.Apply(n - end, columns + (end * m) + first, inOrder: true);
        }
        for (nint j = k; j < n; j++)
            Take(k, columns + (j * m), r + j, n);
    }

    /// <summary>The first numbers of a column become one of R's, and zero.</summary>
    private static void Take(nint count, T* column, T* r, nint row)
    {
        for (nint i = 0; i < count; i++)
        {
            r[i * row] = column[i];
            column[i] = T.Zero;
        }
    }
}
