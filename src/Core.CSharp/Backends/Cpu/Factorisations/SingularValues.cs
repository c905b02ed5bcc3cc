using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = U·diag(s)·Vᵀ by one-sided Jacobi rotations of the rows of R in A = Q·R (Drmač and Veselić 2008), which finds small
/// singular values with small relative errors where the matrix determines them. Returns 0, or 1 if the rotations do not converge.
/// </summary>
internal static unsafe class SingularValues<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A [m, n] → U [m, k], s [k] descending, Vᵀ [k, n] with k = min(m, n).</summary>
    public static int Run(nint m, nint n, T* a, T* u, T* s, T* vt)
    {
        nint k = Math.Min(m, n);
        if (k == 0)
            return 0;
        T scale = Rows<V, T>.Largest(a, m * n);
        if (!T.IsFinite(scale))
            return 1;
        using Workspace<T> scaled = new(m * n);
        bool isWide = m < n;
        Packing.Copy(Math.Max(m, n), k, isWide ? new(a, 1, n) : new(a, n, 1), scaled.Pointer);
        Rows<V, T>.Divide(scale == T.Zero ? T.One : scale, scaled.Pointer, m * n);
        int failed = isWide ? Wide(m, n, scaled.Pointer, u, s, vt) : Tall(m, n, scaled.Pointer, u, s, vt);
        for (nint i = 0; i < k; i++)
            s[i] *= scale;
        return failed;
    }

    /// <summary>Of Aᵀ = V·diag(s)·Uᵀ, given as [n, m].</summary>
    private static int Wide(nint m, nint n, T* transposed, T* u, T* s, T* vt)
    {
        using Workspace<T> v = new(n * m);
        using Workspace<T> ut = new(m * m);
        int failed = Tall(n, m, transposed, v.Pointer, s, ut.Pointer);
        Packing.Copy(m, n, new(v.Pointer, 1, m), vt);
        Packing.Copy(m, m, new(ut.Pointer, 1, m), u);
        return failed;
    }

    /// <summary>J·R has orthogonal rows for a product J of rotations: R = Jᵀ·diag(s)·Vᵀ and U = Q·Jᵀ.</summary>
    private static int Tall(nint m, nint n, T* a, T* u, T* s, T* vt)
    {
        using Workspace<T> q = new(m * n);
        using Workspace<T> j = new(n * n);
        QrFactorisation<V, T>.Run(m, n, a, q.Pointer, vt);
        int failed = RowJacobi<V, T>.Run(n, vt, j.Pointer, s);
        RowJacobi<V, T>.Normalise(n, vt, s);
        MatrixProduct.Run<V, T, Update.Set>(m, n, n, new(q.Pointer, n, 1), new(j.Pointer, 1, n), new(u, n, 1));
        return failed;
    }
}
