using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Many LU factorisations. Small matrices are interleaved, one to a lane. The bits are those of <see cref="LuFactorisation{V,T}"/>.
/// </summary>
internal static unsafe class LuBatch<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Beyond this size the interleaved matrices fill the second cache and the blocked algorithm wins.</summary>
    private const int LargestInterleaved = 112;

    public static bool IsInterleaved(nint n) => n <= LargestInterleaved;

    /// <summary>A [batch, n, n] → packed LU, which may be A, and permutations [batch, n]; the status of an item is that of an item alone.</summary>
    public static void Run(nint batch, nint n, T* a, T* lu, long* permutation, int* status)
    {
        nint square = n * n;
        nint item = 0;
        if (IsInterleaved(n) && batch >= V.Count)
        {
            // Small matrices go into lanes as one row; larger ones have an odd number of columns, for where rows lie 4096 bytes or half of that apart, the elements of
            // a column share a few places of the first cache.
            bool isOneRow = n < 32;
            (nint rows, nint width) = isOneRow ? (1, square) : (n, n);
            nint columns = isOneRow ? n : n | 1;
            using Workspace<T> lanes = new(n * columns * V.Count);
            for (; item + V.Count <= batch; item += V.Count)
            {
                for (nint i = 0; i < rows; i++)
                {
                    Matrix<T> given = new(a + item * square + i * width, 1, square);
                    Packing.Copy(width, V.Count, given, lanes.Pointer + i * columns * V.Count);
                }
                InterleavedLu<V, T>.Run(n, lanes.Pointer, columns * V.Count, permutation + item * n, status + item);
                for (nint i = 0; i < rows; i++)
                {
                    Matrix<T> solved = new(lanes.Pointer + i * columns * V.Count, 1, V.Count);
                    Packing.Copy(V.Count, width, solved, lu + item * square + i * width, square);
                }
            }
        }
        for (; item < batch; item++)
            status[item] = LuFactorisation<V, T>.Run(n, a + item * square, lu + item * square, permutation + item * n);
    }
}
