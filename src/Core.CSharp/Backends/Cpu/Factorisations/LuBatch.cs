using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Many LU factorisations. Small matrices are interleaved, one to a lane, each with its own pivots (Crout's order: Golub and Van Loan 2013, §3.2.11).
/// The bits are those of <see cref="LuFactorisation{V,T}"/>: every element is one chain of multiply-adds over the columns before it, in order.
/// </summary>
internal static unsafe class LuBatch<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Beyond this size the interleaved matrices leave the nearest cache and the blocked algorithm wins.</summary>
    private const int LargestInterleaved = 32;

    public static bool IsInterleaved(nint n) => n <= LargestInterleaved;

    /// <summary>A [batch, n, n] → packed LU, which may be A, and permutations [batch, n]; the status of an item is that of an item alone.</summary>
    public static void Run(nint batch, nint n, T* a, T* lu, long* permutation, int* status)
    {
        nint square = n * n;
        nint item = 0;
        if (IsInterleaved(n) && batch >= V.Count)
        {
            using Workspace<T> lanes = new(square * V.Count);
            for (; item + V.Count <= batch; item += V.Count)
            {
                Packing.Copy(square, V.Count, new(a + item * square, 1, square), lanes.Pointer);
                Interleaved(n, lanes.Pointer, permutation + item * n, status + item);
                Packing.Copy(V.Count, square, new(lanes.Pointer, 1, V.Count), lu + item * square);
            }
        }
        for (; item < batch; item++)
            status[item] = LuFactorisation<V, T>.Run(n, a + item * square, lu + item * square, permutation + item * n);
    }

    private static void Interleaved(nint n, T* lanes, long* permutation, int* status)
    {
        new Span<int>(status, V.Count).Clear();
        for (nint i = 0; i < V.Count * n; i++)
            permutation[i] = i % n;
        int* pivots = stackalloc int[V.Count];
        nint row = n * V.Count;
        for (nint k = 0; k < n; k++)
        {
            T* top = lanes + k * row;
            T* diagonal = top + k * V.Count;
            // Column k loses L·u, from the diagonal down; row k then loses l·U, right of it.
            Subtract(n - k, k, diagonal, lanes + k * V.Count, row, top, row, V.Count);
            Pivots(n, k, diagonal, row, pivots);
            for (int lane = 0; lane < V.Count; lane++)
                if (pivots[lane] != k)
                    Exchange(n, (int)k, pivots[lane], lanes + lane, permutation + lane * n);
            Divide(n - k - 1, diagonal, row, (int)k, status);
            Subtract(n - k - 1, k, diagonal + V.Count, top, V.Count, lanes + (k + 1) * V.Count, V.Count, row);
        }
    }

    /// <summary>x[i] −= Σ_{p&lt;k} y[p]·z[i, p], i &lt; count; x and z advance by <paramref name="next"/> with i.</summary>
    private static void Subtract(nint count, nint k, T* x, T* y, nint yTerm, T* z, nint next, nint zTerm)
    {
        nint i = 0;
        for (; i + 4 <= count && k > 0; i += 4)
            Tile<Size.Four>(k, x + i * next, y, yTerm, z + i * next, next, zTerm);
        for (; i < count && k > 0; i++)
            Tile<Size.One>(k, x + i * next, y, yTerm, z + i * next, next, zTerm);
    }

    /// <summary>R = 4 elements, or one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<R>(nint k, T* x, T* y, nint yTerm, T* z, nint next, nint zTerm)
        where R : unmanaged, ISize
    {
        // A single element is loaded four times.
        nint step = sizeof(R) == 1 ? 0 : next;
        V s0 = V.Load(x);
        V s1 = V.Load(x + step);
        V s2 = V.Load(x + 2 * step);
        V s3 = V.Load(x + 3 * step);
        for (nint p = 0; p < k; p++, y += yTerm, z += zTerm)
        {
            V minus = -V.Load(y);
            s0 = V.MultiplyAdd(minus, V.Load(z), s0);
            if (sizeof(R) == 1)
                continue;
            s1 = V.MultiplyAdd(minus, V.Load(z + step), s1);
            s2 = V.MultiplyAdd(minus, V.Load(z + 2 * step), s2);
            s3 = V.MultiplyAdd(minus, V.Load(z + 3 * step), s3);
        }
        V.Store(s0, x);
        if (sizeof(R) == 1)
            return;
        V.Store(s1, x + step);
        V.Store(s2, x + 2 * step);
        V.Store(s3, x + 3 * step);
    }

    /// <summary>The first row, from k on, of each lane's largest element in a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pivots(nint n, nint k, T* column, nint row, int* pivots)
    {
        V largest = V.Abs(V.Load(column));
        V first = V.Of(k);
        for (nint i = k + 1; i < n; i++)
        {
            column += row;
            V size = V.Abs(V.Load(column));
            V isLarger = V.Less(largest, size);
            largest = V.Select(isLarger, size, largest);
            first = V.Select(isLarger, V.Of(i), first);
        }
        // A copy, since what has an address is not kept in a register.
        V rows = first;
        for (int lane = 0; lane < V.Count; lane++)
            pivots[lane] = int.CreateTruncating(((T*)&rows)[lane]);
    }

    /// <summary>Exchanges two rows of one lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exchange(nint n, int first, int second, T* lane, long* permutation)
    {
        (permutation[first], permutation[second]) = (permutation[second], permutation[first]);
        T* x = lane + first * n * V.Count;
        T* y = lane + second * n * V.Count;
        for (nint j = 0; j < n; j++, x += V.Count, y += V.Count)
            (*x, *y) = (*y, *x);
    }

    /// <summary>Divides what lies below the pivots of a column, and notes the lanes whose pivot is zero or no number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide(nint below, T* column, nint row, int k, int* status)
    {
        V pivot = V.Load(column);
        V size = V.Abs(pivot);
        ulong good = V.ToBits(V.Less(V.Of(0), size) & V.Less(size, V.Of(double.PositiveInfinity)));
        for (int lane = 0; lane < V.Count; lane++)
            if ((good >> lane & 1) == 0 && status[lane] == 0)
                status[lane] = k + 1;
        // Below a missing pivot there is nothing to be divided.
        V divisor = V.Select(V.Less(V.Of(0), size), pivot, V.Of(1));
        for (; below > 0; below--)
        {
            column += row;
            V.Store(V.Load(column) / divisor, column);
        }
    }
}
