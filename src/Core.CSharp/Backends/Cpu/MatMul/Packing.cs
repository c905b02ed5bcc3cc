using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Backends.Cpu;

/// <summary>Copies of matrices into contiguous rows.</summary>
internal static unsafe class Packing
{
    /// <summary>Square blocks, so that the lines touched on the strided side stay in the nearest cache.</summary>
    private const int Block = 16;

    /// <summary>The matrix itself if its rows are contiguous, else its copy in the room for it.</summary>
    public static Matrix<T> Contiguous<T>(nint rows, nint columns, Matrix<T> matrix, T* room)
        where T : unmanaged
    {
        if (matrix.Column == 1)
            return matrix;
        Copy(rows, columns, matrix, room);
        return new Matrix<T>(room, columns, 1);
    }

    /// <summary>target [rows, columns] without gaps = source.</summary>
    public static void Copy<T>(nint rows, nint columns, Matrix<T> source, T* target)
        where T : unmanaged => Copy(rows, columns, source, target, columns);

    /// <summary>target [rows, columns], from row to row <paramref name="width"/> elements, = source.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy<T>(nint rows, nint columns, Matrix<T> source, T* target, nint width)
        where T : unmanaged
    {
        if (source.Column == 1)
        {
            for (nint i = 0; i < rows; i++)
                CopyRow(source.Origin + i * source.Row, target + i * width, columns * sizeof(T));
            return;
        }
        bool isTransposed = source.Row == 1 && Transposition.IsSupported;
        for (nint i = 0; i < rows; i += Block)
        {
            nint height = Math.Min(Block, rows - i);
            for (nint j = 0; j < columns; j += Block)
            {
                nint length = Math.Min(Block, columns - j);
                Matrix<T> from = source.From(i, j);
                if (isTransposed && height % Transposition.Size<T>() == 0 && length % Transposition.Size<T>() == 0)
                    Transpose(height, length, from.Origin, from.Column, target + i * width + j, width);
                else
                    CopyBlock(height, length, from, target + i * width + j, width);
            }
        }
    }

    /// <summary>Panels of <paramref name="width"/> columns, one behind the other; rows are read as they lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels<T>(nint rows, nint columns, Matrix<T> source, nint width, T* target)
        where T : unmanaged
    {
        nint height = source.Column == 1 ? 1 : rows;
        for (nint i = 0; i < rows; i += height)
        {
            for (nint j = 0; j < columns; j += width)
                Copy(height, Math.Min(width, columns - j), source.From(i, j), target + j * rows + i * width, width);
        }
    }

    /// <summary>A call for each of many short rows would cost more than the copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(void* source, void* target, nint bytes)
    {
        byte* from = (byte*)source;
        byte* to = (byte*)target;
        for (; bytes >= 64; bytes -= 64, from += 64, to += 64)
            Vector512.Load(from).Store(to);
        if (bytes > 0)
            Buffer.MemoryCopy(from, to, bytes, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose<T>(nint rows, nint columns, T* source, nint column, T* target, nint width)
        where T : unmanaged
    {
        int size = Transposition.Size<T>(rows, columns);
        for (nint i = 0; i < rows; i += size)
        {
            for (nint j = 0; j < columns; j += size)
                Transposition.Block(size, source + j * column + i, column, target + i * width + j, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyBlock<T>(nint rows, nint columns, Matrix<T> source, T* target, nint width)
        where T : unmanaged
    {
        for (nint i = 0; i < rows; i++)
        {
            T* from = source.Origin + i * source.Row;
            T* to = target + i * width;
            for (nint j = 0; j < columns; j++, from += source.Column)
                to[j] = *from;
        }
    }
}
