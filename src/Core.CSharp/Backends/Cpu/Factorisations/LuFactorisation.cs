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
        nint pivot = PivotRow(n, k, lu);
        for (nint j = k; j < k + width; j++)
        {
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
                pivot = j + 1 < n ? PivotRow(n, j + 1, lu) : j;
                continue;
            }
            pivot = j + 1 + Eliminate(n - j - 1, j - k, width, top + k, n);
        }
        return failed;
    }

    /// <summary>
    /// Divides column j of a panel below its row <paramref name="top"/>, and subtracts the row's multiples from what lies right of the column. Vectors
    /// begin where the panel's do, so that all but those of the last panel are whole. Gives what <see cref="PivotRow"/> would of the panel's next column,
    /// found while it passes, in rows from the first below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Eliminate(nint rows, nint j, nint width, T* top, nint n)
    {
        nint first = (j + 1) / V.Count * V.Count;
        V isRight = V.FromBits(ulong.MaxValue << (int)(j + 1 - first));
        T pivot = top[j];
        T* row = top + n;
        V largest = V.Of(0);
        V place = V.Of(0);
        V index = V.Of(0);
        for (nint i = 0; i < rows; i++, row += n)
        {
            T factor = row[j] / pivot;
            V minus = V.Broadcast(-factor);
            if (first < width)
            {
                V old = Lane.Load<V, T>(row + first, width - first);
                V rest = V.MultiplyAdd(minus, Lane.Load<V, T>(top + first, width - first), old);
                Lane.Store(V.Select(isRight, rest, old), row + first, width - first);
                V size = V.Abs(rest);
                largest = i == 0 ? size : largest;
                V isLarger = V.Less(largest, size);
                largest = V.Select(isLarger, size, largest);
                place = V.Select(isLarger, index, place);
                index += V.Of(1);
            }
            for (nint c = first + V.Count; c < width; c += V.Count)
            {
                V old = Lane.Load<V, T>(row + c, width - c);
                Lane.Store(V.MultiplyAdd(minus, Lane.Load<V, T>(top + c, width - c), old), row + c, width - c);
            }
            row[j] = factor;
        }
        // A copy, since what has an address is not kept in a register.
        V places = place;
        return nint.CreateTruncating(((T*)&places)[j + 1 - first]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
