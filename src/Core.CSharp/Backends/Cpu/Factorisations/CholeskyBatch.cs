using System.Numerics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Many Cholesky factorisations. Small matrices are interleaved, one to a lane: each step then works on as many matrices as a vector has
/// lanes. The bits are those of <see cref="Cholesky{V,T}"/>.
/// </summary>
internal static unsafe class CholeskyBatch<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Beyond this size the interleaved matrices fill the second cache and the blocked algorithm wins.</summary>
    private const int LargestInterleaved = 112;

    public static bool IsInterleaved(nint n) => n <= LargestInterleaved;

    /// <summary>(A + Aᵀ)/2 of A [batch, n, n] → L, which may be A; the status of an item is that of <see cref="Cholesky{V,T}"/>.</summary>
    public static void Run(nint batch, nint n, T* a, T* l, int* status)
    {
        nint item = 0;
        if (IsInterleaved(n) && batch >= V.Count)
        {
            using Workspace<T> lanes = new(n * n * V.Count);
            for (; item + V.Count <= batch; item += V.Count)
            {
                TriangularLanes<V, T>.EnterSymmetricPart(n, a + item * n * n, lanes.Pointer);
                InterleavedCholesky<V, T>.Run(n, lanes.Pointer, status + item);
                TriangularLanes<V, T>.Leave(n, lanes.Pointer, l + item * n * n);
            }
        }
        for (; item < batch; item++)
            status[item] = Cholesky<V, T>.Run(n, a + item * n * n, l + item * n * n);
    }
}
