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
    private const int BlockSize = 16;

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
            PanelProduct<V, T>.Run<Update.Subtract>(
                rest,
                rest,
                width,
                new(below, n, 1),
                new(right, n, 1),
                new(below + width, n, 1)
            );
        }
        return failed;
    }

    /// <summary>Columns k to k + width, rows from k on, exchanging whole rows.</summary>
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
            Eliminate(n - j - 1, k + width - j - 1, top + j, n);
        }
        return failed;
    }

    /// <summary>Divides the column below a pivot and subtracts the pivot's row from the <paramref name="width"/> columns beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eliminate(nint rows, nint width, T* pivot, nint n)
    {
        for (nint i = 1; i <= rows; i++)
        {
            T* row = pivot + i * n;
            T factor = *row / *pivot;
            *row = factor;
            V minus = V.Broadcast(-factor);
            for (nint j = 1; j <= width; j += V.Count)
            {
                nint left = width - j + 1;
                V rest = V.MultiplyAdd(minus, Lane.Load<V, T>(pivot + j, left), Lane.Load<V, T>(row + j, left));
                Lane.Store(rest, row + j, left);
            }
        }
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
