using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = Q·R with orthonormal columns of Q, by Householder reflections (Golub and Van Loan 2013, §5.2.2). R's diagonal has the
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
        Accumulate(m, k, columns.Pointer, taus.Pointer, basis.Pointer);
        Packing.Copy(m, k, new(basis.Pointer, 1, m), q);
        return 0;
    }

    /// <summary>Leaves the vectors of the reflections in the columns, and R.</summary>
    private static void Eliminate(nint m, nint n, T* columns, T* taus, T* r)
    {
        nint k = Math.Min(m, n);
        new Span<T>(r, (int)(k * n)).Clear();
        for (nint j = 0; j < n; j++)
        {
            T* column = columns + j * m;
            for (nint i = 0; i < Math.Min(j, k); i++)
            {
                Householder<V, T>.Apply(taus[i], columns + i * m + i, column + i, m - i);
                r[i * n + j] = column[i];
            }
            if (j < k)
            {
                taus[j] = Householder<V, T>.Make(column + j, m - j, out T beta);
                r[j * n + j] = beta;
            }
        }
    }

    /// <summary>Rows of the basis: H₀·H₁⋯ applied to unit vectors, the last reflection first.</summary>
    private static void Accumulate(nint m, nint k, T* columns, T* taus, T* basis)
    {
        new Span<T>(basis, (int)(k * m)).Clear();
        for (nint j = 0; j < k; j++)
        {
            basis[j * m + j] = T.One;
            for (nint i = j; i >= 0; i--)
                Householder<V, T>.Apply(taus[i], columns + i * m + i, basis + j * m + i, m - i);
        }
    }
}
