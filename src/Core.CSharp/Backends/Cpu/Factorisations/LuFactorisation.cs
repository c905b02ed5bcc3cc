using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A[permutation, :] = L·U with partial pivoting, right-looking by blocks of columns (Golub and Van Loan 2013, §3.4.7). Returns 0,
/// or 1 + the first column without a pivot, where U's diagonal is zero (or no number).
/// </summary>
internal static unsafe class LuFactorisation<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockSize = 32;

    /// <summary>
    /// A [n, n] → packed LU [n, n] (unit lower triangle below the diagonal, U on and above it), permutation [n]; LU may be A.
    /// </summary>
    public static int Run(nint n, T* a, T* lu, long* permutation)
    {
        if (a != lu)
            Buffer.MemoryCopy(a, lu, n * n * sizeof(T), n * n * sizeof(T));
        for (nint i = 0; i < n; i++)
            permutation[i] = i;
        int failed = 0;
        for (nint k = 0; k < n; k += BlockSize)
        {
            nint width = Math.Min(BlockSize, n - k);
            int panel = Panel(n, k, width, lu, permutation);
            failed = failed == 0 ? panel : failed;
            nint rest = n - k - width;
            if (rest == 0)
                break;
            T* diagonal = lu + k * n + k;
            T* right = diagonal + width;
            TriangularSolve<V, T>.Run(width, rest, diagonal, n, 1, lower: true, unit: true, right, n);
            T* below = diagonal + width * n;
            MatrixProduct.Run<V, T, Update.Subtract>(rest, rest, width, below, n, 1, right, n, 1, below + width, n);
        }
        return failed;
    }

    /// <summary>Columns k to k + width, rows from k on, exchanging whole rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Panel(nint n, nint k, nint width, T* lu, long* permutation)
    {
        int failed = 0;
        for (nint j = k; j < k + width; j++)
        {
            nint pivot = PivotRow(n, j, lu);
            if (pivot != j)
            {
                Rows<V, T>.Swap(lu + j * n, lu + pivot * n, n);
                (permutation[j], permutation[pivot]) = (permutation[pivot], permutation[j]);
            }
            T* top = lu + j * n;
            T size = T.Abs(top[j]);
            if (!(size > T.Zero) || !T.IsFinite(size))
            {
                failed = failed == 0 ? (int)j + 1 : failed;
                continue;
            }
            for (nint i = j + 1; i < n; i++)
            {
                T* row = lu + i * n;
                row[j] /= top[j];
                Rows<V, T>.Add(-row[j], top + j + 1, row + j + 1, k + width - j - 1);
            }
        }
        return failed;
    }

    private static nint PivotRow(nint n, nint j, T* lu)
    {
        nint pivot = j;
        T largest = T.Abs(lu[j * n + j]);
        for (nint i = j + 1; i < n; i++)
        {
            T size = T.Abs(lu[i * n + j]);
            if (size > largest)
                (pivot, largest) = (i, size);
        }
        return pivot;
    }
}
