using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A = L·Lᵀ of symmetric positive definite A, left-looking by blocks of columns (Golub and Van Loan 2013, §4.2.8). Returns 0, or
/// 1 + the first column whose pivot is not positive.
/// </summary>
internal static unsafe class Cholesky<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockSize = 32;

    /// <summary>Reads the lower triangle of A [n, n], writes L with zeros above; both may be the same memory.</summary>
    public static int Run(nint n, T* a, T* l)
    {
        for (nint i = 0; i < n; i++)
        {
            Buffer.MemoryCopy(a + i * n, l + i * n, (i + 1) * sizeof(T), (i + 1) * sizeof(T));
            new Span<T>(l + i * n + i + 1, (int)(n - i - 1)).Clear();
        }
        for (nint k = 0; k < n; k += BlockSize)
        {
            nint width = Math.Min(BlockSize, n - k);
            T* block = l + k * n + k;
            if (k > 0)
                MatrixProduct.Run<V, T, Update.Subtract>(n - k, width, k, l + k * n, n, 1, l + k * n, 1, n, block, n);
            int failed = Diagonal(width, block, n);
            if (failed != 0)
                return (int)k + failed;
            Below(width, n - k - width, block, n);
        }
        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Diagonal(nint width, T* block, nint row)
    {
        for (nint i = 0; i < width; i++)
        {
            T* li = block + i * row;
            for (nint j = 0; j < i; j++)
                li[j] = (li[j] - Rows<V, T>.Dot(li, block + j * row, j)) / block[j * row + j];
            T pivot = li[i] - Rows<V, T>.Dot(li, li, i);
            if (!(pivot > T.Zero) || !T.IsFinite(pivot))
                return (int)i + 1;
            li[i] = T.Sqrt(pivot);
            new Span<T>(li + i + 1, (int)(width - i - 1)).Clear();
        }
        return 0;
    }

    /// <summary>The rows below: X·L₁₁ᵀ = A₂₁, by columns of L₁₁ copied to be contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Below(nint width, nint rows, T* block, nint row)
    {
        if (rows == 0)
            return;
        T* transposed = stackalloc T[BlockSize * BlockSize];
        Packing.Copy(width, width, block, 1, row, transposed);
        for (nint i = 0; i < rows; i++)
        {
            T* x = block + (width + i) * row;
            for (nint j = 0; j < width; j++)
            {
                x[j] /= transposed[j * width + j];
                Rows<V, T>.Add(-x[j], transposed + j * width + j + 1, x + j + 1, width - j - 1);
            }
        }
    }
}
