using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Many Cholesky factorisations. Small matrices are interleaved, one to a lane: each step then works on as many matrices as a vector has
/// lanes, and a lane that fails does not change another. The bits are those of <see cref="Cholesky{V,T}"/>.
/// </summary>
internal static unsafe class CholeskyBatch<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Beyond this size the interleaved matrices leave the nearest caches and the blocked algorithm wins.</summary>
    private const int LargestInterleaved = 64;

    public static bool IsInterleaved(nint n) => n <= LargestInterleaved;

    /// <summary>A [batch, n, n] → L, which may be A; the status of an item is that of <see cref="Cholesky{V,T}"/>.</summary>
    public static void Run(nint batch, nint n, T* a, T* l, int* status)
    {
        nint item = 0;
        if (IsInterleaved(n) && batch >= V.Count)
        {
            using Workspace<T> lanes = new(n * n * V.Count);
            for (; item + V.Count <= batch; item += V.Count)
                Interleaved(n, a + item * n * n, l + item * n * n, lanes.Pointer, status + item);
        }
        for (; item < batch; item++)
            status[item] = Cholesky<V, T>.Run(n, a + item * n * n, l + item * n * n);
    }

    private static void Interleaved(nint n, T* a, T* l, T* lanes, int* status)
    {
        Packing.Copy(n * n, V.Count, new(a, 1, n * n), lanes);
        Run(n, lanes, status);
        for (nint i = 0; i < n; i++)
            new Span<T>(lanes + (i * n + i + 1) * V.Count, (int)((n - i - 1) * V.Count)).Clear();
        Packing.Copy(V.Count, n * n, new(lanes, 1, V.Count), l);
    }

    /// <summary>Interleaved matrices → L in their lower triangles, one status per lane.</summary>
    public static void Run(nint n, T* lanes, int* status)
    {
        new Span<int>(status, V.Count).Clear();
        for (nint j = 0; j < n; j += 2)
            Columns(n, j, lanes, status);
    }

    /// <summary>Columns j and j + 1 of every L, or the last alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(nint n, nint j, T* lanes, int* status)
    {
        nint row = n * V.Count;
        T* top = lanes + j * row;
        T* end = top + j * V.Count;
        V pivot = Rest(top, top, j);
        V inverse0 = Root(pivot, end, (int)j, status);
        if (j + 1 == n)
            return;
        T* second = top + row;
        T* endOfSecond = end + row;
        V below = Rest(second, top, j) * inverse0;
        V.Store(below, endOfSecond);
        pivot = V.MultiplyAdd(-below, below, Rest(second, second, j, V.Count));
        V inverse1 = Root(pivot, endOfSecond + V.Count, (int)j + 1, status);
        nint i = j + 2;
        for (; i + 4 <= n; i += 4)
            Tile<Size.Four>(j, lanes + i * row, row, top, below, inverse0, inverse1);
        for (; i < n; i++)
            Tile<Size.One>(j, lanes + i * row, row, top, below, inverse0, inverse1);
    }

    /// <summary>Stores the roots of pivots, gives their inverses, and notes the lanes whose pivot is not positive and finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Root(V pivot, T* target, int column, int* status)
    {
        V root = V.Sqrt(pivot);
        V.Store(root, target);
        V isGood = V.Less(V.Of(0), pivot) & V.Less(pivot, V.Of(double.PositiveInfinity));
        ulong failed = ~V.ToBits(isGood) & (ulong.MaxValue >> (64 - V.Count));
        for (int lane = 0; failed != 0; lane++, failed >>= 1)
        {
            if ((failed & 1) != 0 && status[lane] == 0)
                status[lane] = column + 1;
        }
        return V.Of(1) / root;
    }

    /// <summary>a[i, j] − Σ_{p&lt;j} l[i, p]·l[j, p], where the element lies <paramref name="beyond"/> the terms.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Rest(T* rowI, T* rowJ, nint j, nint beyond = 0)
    {
        V sum = V.Load(rowI + j * V.Count + beyond);
        for (nint p = 0; p < j; p++)
            sum = V.MultiplyAdd(-V.Load(rowI + p * V.Count), V.Load(rowJ + p * V.Count), sum);
        return sum;
    }

    /// <summary>Elements j and j + 1 of R = 4 rows, or one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<R>(nint j, T* rows, nint row, T* top, V below, V inverse0, V inverse1)
        where R : struct, ISize
    {
        T* at = rows + j * V.Count;
        // A single row is loaded four times.
        nint step = R.Value == 1 ? 0 : row;
        V s00 = V.Load(at);
        V s01 = V.Load(at + V.Count);
        V s10 = V.Load(at + step);
        V s11 = V.Load(at + step + V.Count);
        V s20 = V.Load(at + 2 * step);
        V s21 = V.Load(at + 2 * step + V.Count);
        V s30 = V.Load(at + 3 * step);
        V s31 = V.Load(at + 3 * step + V.Count);
        for (T* end = at; rows < end; rows += V.Count, top += V.Count)
        {
            V x0 = V.Load(top);
            V x1 = V.Load(top + row);
            Subtract(V.Load(rows), x0, x1, ref s00, ref s01);
            if (R.Value == 1)
                continue;
            Subtract(V.Load(rows + row), x0, x1, ref s10, ref s11);
            Subtract(V.Load(rows + 2 * row), x0, x1, ref s20, ref s21);
            Subtract(V.Load(rows + 3 * row), x0, x1, ref s30, ref s31);
        }
        Finish(at, s00, s01, below, inverse0, inverse1);
        if (R.Value == 1)
            return;
        Finish(at + row, s10, s11, below, inverse0, inverse1);
        Finish(at + 2 * row, s20, s21, below, inverse0, inverse1);
        Finish(at + 3 * row, s30, s31, below, inverse0, inverse1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(V x, V x0, V x1, ref V s0, ref V s1)
    {
        s0 = V.MultiplyAdd(-x, x0, s0);
        s1 = V.MultiplyAdd(-x, x1, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(T* at, V s0, V s1, V below, V inverse0, V inverse1)
    {
        V first = s0 * inverse0;
        V.Store(first, at);
        V.Store(V.MultiplyAdd(-first, below, s1) * inverse1, at + V.Count);
    }
}
