using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Many Cholesky factorisations. Small matrices are interleaved, one to a lane: each step of the plain algorithm then works on as
/// many matrices as a vector has lanes, and a lane that fails does not change another.
/// </summary>
internal static unsafe class CholeskyBatch<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Beyond this size the interleaved matrices leave the nearest caches and the blocked algorithm wins.</summary>
    private const int LargestInterleaved = 64;

    /// <summary>A [batch, n, n] → L, which may be A; the status of an item is that of <see cref="Cholesky{V,T}"/>.</summary>
    public static void Run(nint batch, nint n, T* a, T* l, int* status)
    {
        nint item = 0;
        if (n <= LargestInterleaved && batch >= V.Count)
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
        new Span<int>(status, V.Count).Clear();
        for (nint j = 0; j < n; j++)
        {
            ulong failed = Column(n, j, lanes);
            for (int lane = 0; failed != 0 && lane < V.Count; lane++)
            {
                if ((failed >> lane & 1) != 0 && status[lane] == 0)
                    status[lane] = (int)j + 1;
            }
        }
        for (nint i = 0; i < n; i++)
            new Span<T>(lanes + (i * n + i + 1) * V.Count, (int)((n - i - 1) * V.Count)).Clear();
        Packing.Copy(V.Count, n * n, new(lanes, 1, V.Count), l);
    }

    /// <summary>Column j of every L, rows j to n; gives the lanes without a positive finite pivot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Column(nint n, nint j, T* lanes)
    {
        T* rowJ = lanes + j * n * V.Count;
        V pivot = Reduced(rowJ, rowJ, j);
        V isGood = V.Less(V.Of(0), pivot) & V.Less(pivot, V.Of(double.PositiveInfinity));
        V root = V.Sqrt(pivot);
        V.Store(root, rowJ + j * V.Count);
        for (nint i = j + 1; i < n; i++)
        {
            T* rowI = lanes + i * n * V.Count;
            V.Store(Reduced(rowI, rowJ, j) / root, rowI + j * V.Count);
        }
        return ~V.ToBits(isGood) & (ulong.MaxValue >> (64 - V.Count));
    }

    /// <summary>a[i, j] − Σ_{p&lt;j} l[i, p]·l[j, p].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduced(T* rowI, T* rowJ, nint j)
    {
        V even = V.Load(rowI + j * V.Count);
        V odd = V.Of(0);
        nint p = 0;
        for (; p + 2 <= j; p += 2)
        {
            even -= V.Load(rowI + p * V.Count) * V.Load(rowJ + p * V.Count);
            odd = V.MultiplyAdd(V.Load(rowI + (p + 1) * V.Count), V.Load(rowJ + (p + 1) * V.Count), odd);
        }
        if (p < j)
            even -= V.Load(rowI + p * V.Count) * V.Load(rowJ + p * V.Count);
        return even - odd;
    }
}
