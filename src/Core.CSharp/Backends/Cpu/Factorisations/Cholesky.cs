using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = L·Lᵀ of symmetric positive definite A (Golub and Van Loan 2013, §4.2). Every element is one chain of multiply-adds over the columns
/// before it, in order, times the inverse of the pivot: blocks do not show, and <see cref="CholeskyBatch{V,T}"/> gives the same bits.
/// Works on U = Lᵀ in the upper triangle, whose rows are contiguous for the products. Returns 0, or 1 + the first column whose pivot
/// is not positive.
/// </summary>
internal static unsafe class Cholesky<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockSize = 16;

    /// <summary>Reads the lower triangle of A [n, n], writes L with zeros above; both may be the same memory.</summary>
    public static int Run(nint n, T* a, T* l)
    {
        using Workspace<T> upper = new(n * n);
        T* u = upper.Pointer;
        for (nint k = 0; k < n; k += BlockSize)
            Packing.Copy(Math.Min(BlockSize, n - k), n - k, new(a + k * n + k, 1, n), u + k * n + k, n);
        int failed = Upper(n, u);
        for (nint k = 0; k < n; k += BlockSize)
        {
            nint end = Math.Min(k + BlockSize, n);
            Packing.Copy(end - k, end, new(u + k, 1, n), l + k * n, n);
            for (nint i = k; i < end; i++)
                new Span<T>(l + i * n + i + 1, (int)(n - i - 1)).Clear();
        }
        return failed;
    }

    /// <summary>A → U in the upper triangle; what lies below is left as it is or overwritten.</summary>
    public static int Upper(nint n, T* u)
    {
        int failed = 0;
        for (nint k = 0; k < n && failed == 0; k += BlockSize)
            failed = Rows(n, k, Math.Min(k + BlockSize, n), u);
        return failed;
    }

    /// <summary>Rows k to end of U: first what the rows above give to all of them, then four by four.</summary>
    private static int Rows(nint n, nint k, nint end, T* u)
    {
        Subtract(end - k, n, 0, k, u);
        int failed = 0;
        for (nint i = k; i < end && failed == 0; )
        {
            nint rows = end - i >= 4 ? 4 : 1;
            Subtract(rows, n, k, i, u);
            failed = rows == 4 ? Pivots<Size.Four>(n, i, u) : Pivots<Size.One>(n, i, u);
            i += rows;
        }
        return failed;
    }

    /// <summary>Rows i to i + height lose what the rows from top to i give them.</summary>
    private static void Subtract(nint height, nint n, nint top, nint i, T* u)
    {
        Matrix<T> above = new(u + top * n + i, n, 1);
        if (i > top)
            PanelProduct<V, T>.Run<Update.Subtract>(
                height,
                n - i,
                i - top,
                above.Transposed,
                above,
                new(u + i * n + i, n, 1)
            );
    }

    /// <summary>The last step for R rows from i on.</summary>
    private static int Pivots<R>(nint n, nint i, T* u)
        where R : struct, ISize
    {
        T* inverses = stackalloc T[R.Value];
        T* corner = u + i * n + i;
        for (nint q = 0; q < R.Value; q++)
        {
            T* row = corner + q * n;
            for (nint p = 0; p < q; p++)
            {
                for (nint j = q; j < R.Value; j++)
                    row[j] = MultiplyAdd(-corner[p * n + q], corner[p * n + j], row[j]);
            }
            if (!IsPivot(row[q]))
                return (int)(i + q) + 1;
            row[q] = T.Sqrt(row[q]);
            inverses[q] = T.One / row[q];
            for (nint j = q + 1; j < R.Value; j++)
                row[j] *= inverses[q];
        }
        nint rest = n - i - R.Value;
        if (rest > 0)
            SubstitutionTile<V, T, R>.Run(rest, corner + R.Value, n, new(corner, 1, n), inverses);
        return 0;
    }

    /// <summary>As vectors do it, and faster than the function for any T.</summary>
    private static T MultiplyAdd(T a, T b, T c) =>
        Lanes128<T>.First(
            Lanes128<T>.MultiplyAdd(Lanes128<T>.Broadcast(a), Lanes128<T>.Broadcast(b), Lanes128<T>.Broadcast(c))
        );

    private static bool IsPivot(T value) => value > T.Zero && T.IsFinite(value);
}
