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
            nint below = n - j - 1;
            nint next =
                width % V.Count == 0
                    ? Eliminate<Edge.Whole>(below, j - k, width, top + k, n)
                    : Eliminate<Edge.Part>(below, j - k, width, top + k, n);
            pivot = j + 1 + next;
        }
        return failed;
    }

    /// <summary>
    /// Divides column j of a panel below its row <paramref name="top"/>, and subtracts the row's multiples from what lies right of the column. Vectors
    /// begin where the panel's do, so that all but those of the last panel are whole. Gives what <see cref="PivotRow"/> would of the panel's next column,
    /// found while it passes, in rows from the first below.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint Eliminate<E>(nint rows, nint j, nint width, T* top, nint n)
        where E : struct, IEdge
    {
        nint first = (j + 1) / V.Count * V.Count;
        bool isSearched = rows > 0 && first < width;
        V isRight = V.FromBits(ulong.MaxValue << (int)(j + 1 - first));
        T pivot = top[j];
        T* row = top + n;
        V largest = isSearched
            ? V.Abs(Rest<E>(-(row[j] / pivot), top + first, row + first, Lanes(width - first)))
            : V.Of(0);
        V place = V.Of(0);
        V index = V.Of(0);
        for (nint i = 0; i < rows; i++, row += n)
        {
            T factor = row[j] / pivot;
            if (isSearched)
            {
                V rest = Rest<E>(-factor, top + first, row + first, Lanes(width - first));
                V old = E.Load<V, T>(row + first, Lanes(width - first));
                E.Store<V, T>(V.Select(isRight, rest, old), row + first, Lanes(width - first));
                V size = V.Abs(rest);
                V isLarger = V.Less(largest, size);
                largest = V.Select(isLarger, size, largest);
                place = V.Select(isLarger, index, place);
                index += V.Of(1);
            }
            for (nint c = first + V.Count; c < width; c += V.Count)
                E.Store<V, T>(Rest<E>(-factor, top + c, row + c, Lanes(width - c)), row + c, Lanes(width - c));
            row[j] = factor;
        }
        // A copy, since what has an address is not kept in a register.
        V places = place;
        return nint.CreateTruncating(((T*)&places)[j + 1 - first]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Lanes(nint left) => (int)Math.Min(left, V.Count);

    /// <summary>A vector of a row and a multiple of the pivot's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest<E>(T minus, T* top, T* row, int count)
        where E : struct, IEdge =>
        V.MultiplyAdd(V.Broadcast(minus), E.Load<V, T>(top, count), E.Load<V, T>(row, count));

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
