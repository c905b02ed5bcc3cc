using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = V·diag(w)·Vᵀ of symmetric A: reduction to tridiagonal form by Householder reflections, then implicit QL with Wilkinson's
/// shift (Golub and Van Loan 2013, §8.3). Returns 0, or 1 + the eigenvalue that did not converge.
/// </summary>
internal static unsafe class SymmetricEigen<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Reads the lower triangle of A [n, n]; w [n] ascending, eigenvectors the columns of V [n, n].</summary>
    public static int Run(nint n, T* a, T* w, T* v)
    {
        using Workspace<T> matrix = new(n * n);
        using Workspace<T> vectors = new(n * n);
        using Workspace<T> offDiagonal = new(n);
        T scale = Load(n, a, matrix.Pointer);
        if (!T.IsFinite(scale))
            return 1;
        Tridiagonalise(n, matrix.Pointer, vectors.Pointer, w, offDiagonal.Pointer);
        int failed = TridiagonalQl<V, T>.Run(n, w, offDiagonal.Pointer, vectors.Pointer);
        if (failed != 0)
            return failed;
        Sort(n, w, vectors.Pointer);
        for (nint i = 0; i < n; i++)
            w[i] *= scale;
        Packing.Copy(n, n, new(vectors.Pointer, 1, n), v);
        return 0;
    }

    /// <summary>Both triangles from the lower one, divided by the largest element, which is returned.</summary>
    private static T Load(nint n, T* a, T* matrix)
    {
        T scale = T.Zero;
        for (nint i = 0; i < n; i++)
            scale = T.Max(scale, Rows<V, T>.Largest(a + i * n, i + 1));
        T divisor = scale == T.Zero ? T.One : scale;
        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j <= i; j++)
                matrix[i * n + j] = matrix[j * n + i] = a[i * n + j] / divisor;
        }
        return scale;
    }

    /// <summary>QᵀAQ = tridiagonal(d, e); the rows of <paramref name="vectors"/> become those of Qᵀ.</summary>
    private static void Tridiagonalise(nint n, T* a, T* vectors, T* d, T* e)
    {
        using Workspace<T> taus = new(n);
        using Workspace<T> product = new(n);
        for (nint k = 0; k + 1 < n; k++)
        {
            nint size = n - k - 1;
            T* x = a + k * n + k + 1;
            d[k] = a[k * n + k];
            taus.Pointer[k] = Householder<V, T>.Make(x, size, out e[k]);
            UpdateTrailing(size, a + (k + 1) * n + k + 1, n, taus.Pointer[k], x, product.Pointer);
            new Span<T>(a + (k * n), (int)k + 1).Clear();
        }
        if (n > 0)
        {
            d[n - 1] = a[n * n - 1];
            e[n - 1] = T.Zero;
        }
        new Span<T>(vectors, (int)(n * n)).Clear();
        if (n == 0)
            return;
        vectors[0] = T.One;
        ReflectionBlock<V, T>.Accumulate(n - 1, n - 1, a + 1, taus.Pointer, vectors + n + 1, n);
    }

    /// <summary>H·A·H = A − v·wᵀ − w·vᵀ with p = τ·A·v, w = p − ½τ(pᵀv)·v.</summary>
    private static void UpdateTrailing(nint n, T* a, nint row, T tau, T* v, T* w)
    {
        if (tau == T.Zero)
            return;
        for (nint i = 0; i < n; i++)
            w[i] = tau * Rows<V, T>.Dot(a + i * row, v, n);
        Rows<V, T>.Add(-tau * Rows<V, T>.Dot(w, v, n) / T.CreateTruncating(2), v, w, n);
        for (nint i = 0; i < n; i++)
        {
            Rows<V, T>.Add(-v[i], w, a + i * row, n);
            Rows<V, T>.Add(-w[i], v, a + i * row, n);
        }
    }

    private static void Sort(nint n, T* w, T* vectors)
    {
        for (nint i = 0; i + 1 < n; i++)
        {
            nint least = i;
            for (nint j = i + 1; j < n; j++)
                least = w[j] < w[least] ? j : least;
            if (least == i)
                continue;
            (w[i], w[least]) = (w[least], w[i]);
            Rows<V, T>.Swap(vectors + i * n, vectors + least * n, n);
        }
    }
}
