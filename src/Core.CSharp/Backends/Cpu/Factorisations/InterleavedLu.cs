using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// As many LU factorisations as a vector has lanes, one in each, with pivots of its own. The matrices lie row by row, and every element is a vector. Four columns
/// at a time lose what those before them give (left-looking: Golub and Van Loan 2013, §3.2), so the bits are those of <see cref="LuFactorisation{V,T}"/>: every
/// element is one chain of multiply-adds over the columns before it, in order.
/// </summary>
internal static unsafe class InterleavedLu<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A → packed LU, rows of which are <paramref name="row"/> elements apart, permutations [V.Count, n], one status per lane.</summary>
    public static void Run(nint n, T* lanes, nint row, long* permutation, int* status)
    {
        new Span<int>(status, V.Count).Clear();
        for (nint i = 0; i < V.Count * n; i++)
            permutation[i] = i % n;
        V* ones = stackalloc V[4];
        new Span<V>(ones, 4).Fill(V.Of(1));
        nint j = 0;
        for (; j + 4 <= n; j += 4)
            Columns<Size.Four>(n, j, lanes, row, ones, permutation, status);
        if (n - j == 3)
            Columns<Size.Three>(n, j, lanes, row, ones, permutation, status);
        else if (n - j == 2)
            Columns<Size.Two>(n, j, lanes, row, ones, permutation, status);
        else if (n - j == 1)
            Columns<Size.One>(n, j, lanes, row, ones, permutation, status);
    }

    /// <summary>The C columns from j on, whose rows were exchanged as those of the columns before.</summary>
    private static void Columns<C>(nint n, nint j, T* lanes, nint row, V* ones, long* permutation, int* status)
        where C : unmanaged, ISize
    {
        T* top = lanes + (j * V.Count);
        nint i = 0;
        // Rows of U, as the columns of its transpose: they are solved for with L, whose diagonal is one.
        for (; i < j; i += 4)
            InterleavedTile<V, T, Order.Transposed, Order.Transposed, Size.Four>.Run<C>(
                i,
                top,
                row,
                lanes + (i * row),
                ones
            );
        for (; i + 4 <= n; i += 4)
            InterleavedTile<V, T, Order.Rows, Order.Rows, C>.Run<Size.Four>(j, lanes + (i * row), row, top, null);
        for (; i < n; i++)
            InterleavedTile<V, T, Order.Rows, Order.Rows, C>.Run<Size.One>(j, lanes + (i * row), row, top, null);
        int* pivots = stackalloc int[V.Count];
        for (nint k = j; k < j + sizeof(C); k++)
        {
            T* diagonal = lanes + (k * row) + (k * V.Count);
            Pivots(n, k, diagonal, row, pivots);
            for (int lane = 0; lane < V.Count; lane++)
                if (pivots[lane] != k)
                    Exchange(n, (int)k, pivots[lane], lanes + lane, row, permutation + lane * n);
            Eliminate(n - k - 1, j + sizeof(C) - k - 1, diagonal, row, (int)k, status);
        }
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
    private static void Exchange(nint n, int first, int second, T* lane, nint row, long* permutation)
    {
        (permutation[first], permutation[second]) = (permutation[second], permutation[first]);
        T* x = lane + first * row;
        T* y = lane + second * row;
        for (nint j = 0; j < n; j++, x += V.Count, y += V.Count)
            (*x, *y) = (*y, *x);
    }

    /// <summary>
    /// Divides what lies below the pivots of a column, and subtracts its multiples of what lies right of them in so many columns; notes the lanes whose pivot is
    /// zero or no number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eliminate(nint below, nint right, T* column, nint row, int k, int* status)
    {
        V pivot = V.Load(column);
        V size = V.Abs(pivot);
        ulong good = V.ToBits(V.Less(V.Of(0), size) & V.Less(size, V.Of(double.PositiveInfinity)));
        for (int lane = 0; lane < V.Count; lane++)
            if ((good >> lane & 1) == 0 && status[lane] == 0)
                status[lane] = k + 1;
        // Below a missing pivot there is nothing to be divided.
        V divisor = V.Select(V.Less(V.Of(0), size), pivot, V.Of(1));
        T* top = column;
        for (; below > 0; below--)
        {
            column += row;
            V factor = V.Load(column) / divisor;
            V.Store(factor, column);
            for (nint j = V.Count; j <= right * V.Count; j += V.Count)
                V.Store(V.MultiplyAddNegated(factor, V.Load(top + j), V.Load(column + j)), column + j);
        }
    }
}
