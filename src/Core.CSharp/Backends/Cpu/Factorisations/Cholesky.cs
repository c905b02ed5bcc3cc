using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = L·Lᵀ of symmetric positive definite A (Golub and Van Loan 2013, §4.2). Works on U = Lᵀ in the upper triangle, whose rows are
/// contiguous for the products: blocks of rows, each row from those above it in the block. Returns 0, or 1 + the first column
/// whose pivot is not positive.
/// </summary>
internal static unsafe class Cholesky<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockSize = 32;

    /// <summary>Up to this size plain loops are faster than calls of products.</summary>
    private const int LargestPlain = 16;

    /// <summary>Reads the lower triangle of A [n, n], writes L with zeros above; both may be the same memory.</summary>
    public static int Run(nint n, T* a, T* l) => n <= LargestPlain ? Plain(n, a, l) : Blocked(n, a, l);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Plain(nint n, T* a, T* l)
    {
        for (nint i = 0; i < n; i++)
        {
            T* row = l + i * n;
            for (nint j = 0; j <= i; j++)
            {
                T sum = a[i * n + j];
                for (nint p = 0; p < j; p++)
                    sum -= row[p] * l[j * n + p];
                row[j] = i == j ? T.Sqrt(sum) : sum / l[j * n + j];
                if (i == j && (!(sum > T.Zero) || !T.IsFinite(sum)))
                    return (int)i + 1;
            }
            new Span<T>(row + i + 1, (int)(n - i - 1)).Clear();
        }
        return 0;
    }

    private static int Blocked(nint n, T* a, T* l)
    {
        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j <= i; j++)
                l[j * n + i] = a[i * n + j];
        }
        int failed = 0;
        for (nint k = 0; k < n && failed == 0; k += BlockSize)
        {
            nint end = Math.Min(k + BlockSize, n);
            failed = BlockOfRows(n, k, end, l);
            Trailing(n, k, end, l);
        }
        for (nint i = 0; i < n; i++)
        {
            for (nint j = 0; j < i; j++)
                (l[i * n + j], l[j * n + i]) = (l[j * n + i], T.Zero);
        }
        return failed;
    }

    private static int BlockOfRows(nint n, nint k, nint end, T* u)
    {
        for (nint i = k; i < end; i++)
        {
            T* above = u + k * n + i;
            T* row = u + i * n + i;
            if (i > k)
                MatrixProduct.Run<V, T, Update.Subtract>(
                    1,
                    n - i,
                    i - k,
                    new(above, 1, n),
                    new(above, n, 1),
                    new(row, n, 1)
                );
            if (!(*row > T.Zero) || !T.IsFinite(*row))
                return (int)i + 1;
            T root = T.Sqrt(*row);
            *row = root;
            Rows<V, T>.Divide(root, row + 1, n - i - 1);
        }
        return 0;
    }

    /// <summary>A₂₂ −= U₁₂ᵀ·U₁₂ from row <paramref name="end"/> on, the upper triangle in strips of rows.</summary>
    private static void Trailing(nint n, nint k, nint end, T* u)
    {
        for (nint i = end; i < n; i += BlockSize)
        {
            T* right = u + k * n + i;
            nint height = Math.Min(BlockSize, n - i);
            MatrixProduct.Run<V, T, Update.Subtract>(
                height,
                n - i,
                end - k,
                new(right, 1, n),
                new(right, n, 1),
                new(u + i * n + i, n, 1)
            );
        }
    }
}
