using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Copies of matrices into contiguous rows.</summary>
internal static unsafe class Packing
{
    /// <summary>target [rows, columns] without gaps = source with its strides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(nint rows, nint columns, T* source, nint row, nint column, T* target)
        where T : unmanaged
    {
        if (column == 1)
        {
            for (nint i = 0; i < rows; i++)
                Buffer.MemoryCopy(source + i * row, target + i * columns, columns * sizeof(T), columns * sizeof(T));
            return;
        }
        // Square blocks, so that the lines touched on the strided side stay in the nearest cache.
        const int Block = 16;
        for (nint i0 = 0; i0 < rows; i0 += Block)
        {
            nint iEnd = Math.Min(i0 + Block, rows);
            for (nint j0 = 0; j0 < columns; j0 += Block)
                CopyBlock(i0, iEnd, j0, Math.Min(j0 + Block, columns), source, row, column, target, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock<T>(
        nint iStart,
        nint iEnd,
        nint jStart,
        nint jEnd,
        T* source,
        nint row,
        nint column,
        T* target,
        nint width
    )
        where T : unmanaged
    {
        for (nint i = iStart; i < iEnd; i++)
        {
            T* from = source + i * row + jStart * column;
            T* to = target + i * width;
            for (nint j = jStart; j < jEnd; j++, from += column)
                to[j] = *from;
        }
    }
}
