using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Lower triangles of as many matrices as a vector has lanes, interleaved: every element a vector, row by row.</summary>
internal static unsafe class TriangularLanes<V, T>
    where V : unmanaged, ILanes<V, T>
    where T : unmanaged
{
    /// <summary>Rows and columns that are interleaved at a time: with its mirror image a block stays in the first cache.</summary>
    private const int Block = 8;

    /// <summary>The lower triangles of (A + Aᵀ)/2, for A [V.Count, n, n]; what lies above them may be overwritten.</summary>
    public static void EnterSymmetricPart(nint n, T* a, T* lanes)
    {
        T* mirror = stackalloc T[Block * Block * V.Count];
        for (nint i = 0; i < n; i += Block)
        {
            nint height = Math.Min(Block, n - i);
            for (nint j = 0; j <= i; j += Block)
            {
                nint width = Math.Min(Block, n - j);
                T* block = lanes + (((i * n) + j) * V.Count);
                Enter(height, width, n, a + (i * n) + j, block, n);
                if (j < i)
                    Enter(width, height, n, a + (j * n) + i, mirror, height);
                Mean(height, width, block, n, j < i ? mirror : block, j < i ? height : n);
            }
        }
    }

    /// <summary>Rows of some columns, from one to the next as many elements as given.</summary>
    private static void Enter(nint height, nint width, nint n, T* a, T* lanes, nint row)
    {
        for (nint i = 0; i < height; i++)
            Packing.Copy(width, V.Count, new(a + (i * n), 1, n * n), lanes + (i * row * V.Count));
    }

    /// <summary>x[i, j] = (x[i, j] + y[j, i])/2; where both are the same, below and on the diagonal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mean(nint height, nint width, T* x, nint xRow, T* y, nint yRow)
    {
        for (nint i = 0; i < height; i++)
        {
            nint end = x == y ? i + 1 : width;
            T* at = x + (i * xRow * V.Count);
            T* other = y + (i * V.Count);
            for (nint j = 0; j < end; j++, at += V.Count, other += yRow * V.Count)
                V.Store((V.Load(at) + V.Load(other)) * V.Of(0.5), at);
        }
    }

    /// <summary>L [V.Count, n, n] with zeros above the diagonal; above it the lanes are overwritten.</summary>
    public static void Leave(nint n, T* lanes, T* l)
    {
        for (nint i = 0; i < n; i++)
        {
            nint end = Math.Min((i / Block * Block) + Block, n);
            T* row = lanes + (i * n * V.Count);
            for (nint j = i + 1; j < end; j++)
                V.Store(V.Of(0), row + (j * V.Count));
            Packing.Copy(V.Count, end, new(row, 1, V.Count), l + (i * n), n * n);
            for (int lane = 0; lane < V.Count; lane++)
                Clear(n - end, l + (lane * n * n) + (i * n) + end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(nint count, T* target)
    {
        for (; count > 0; count -= V.Count, target += V.Count)
            Lane.Store(V.Of(0), target, count);
    }
}
