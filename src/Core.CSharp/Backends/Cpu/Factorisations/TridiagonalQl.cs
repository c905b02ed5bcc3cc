using System.Numerics;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Eigenvalues of a symmetric tridiagonal matrix by implicit QL (Bowdler, Martin, Reinsch and Wilkinson 1968; Golub and Van Loan
/// 2013, §8.3.5), each plane rotation applied to rows of vectors as well.
/// </summary>
internal static unsafe class TridiagonalQl<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int MostSweeps = 60;

    /// <summary>Diagonal d and off-diagonal e [n], the last unused; d becomes the eigenvalues. Returns 0, or 1 + the one that failed.</summary>
    public static int Run(nint n, T* d, T* e, T* vectors)
    {
        T negligible = Precision.Of<T>() * T.Max(Rows<V, T>.Largest(d, n), Rows<V, T>.Largest(e, n));
        for (nint l = 0; l < n; l++)
        {
            int sweeps = 0;
            for (nint m = Split(n, l, e, negligible); m != l; m = Split(n, l, e, negligible))
            {
                if (sweeps++ == MostSweeps)
                    return (int)l + 1;
                Sweep(n, l, m, d, e, vectors);
            }
        }
        return 0;
    }

    /// <summary>The first index from l on behind which the off-diagonal is a rounding error of the matrix.</summary>
    private static nint Split(nint n, nint l, T* e, T negligible)
    {
        nint m = l;
        while (m + 1 < n && !(T.Abs(e[m]) <= negligible))
            m++;
        return m;
    }

    /// <summary>One QL step on rows l to m: chases the bulge from the bottom up.</summary>
    private static void Sweep(nint n, nint l, nint m, T* d, T* e, T* vectors)
    {
        T shift = (d[l + 1] - d[l]) / (e[l] + e[l]);
        T g = d[m] - d[l] + e[l] / (shift + T.CopySign(T.Hypot(shift, T.One), shift));
        T s = T.One;
        T c = T.One;
        T p = T.Zero;
        for (nint i = m - 1; i >= l; i--)
        {
            T f = s * e[i];
            T b = c * e[i];
            T r = T.Hypot(f, g);
            e[i + 1] = r;
            if (r == T.Zero)
            {
                d[i + 1] -= p;
                e[m] = T.Zero;
                return;
            }
            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = (d[i] - g) * s + (c + c) * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            Rows<V, T>.Rotate(c, s, vectors + i * n, vectors + (i + 1) * n, n);
        }
        d[l] -= p;
        e[l] = g;
        e[m] = T.Zero;
    }
}
