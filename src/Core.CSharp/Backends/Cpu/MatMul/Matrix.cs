using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>A matrix in memory; strides in elements.</summary>
internal readonly unsafe struct Matrix<T>(T* origin, nint row, nint column)
    where T : unmanaged
{
    public readonly T* Origin = origin;
    public readonly nint Row = row;
    public readonly nint Column = column;

    public Matrix<T> Transposed
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Origin, Column, Row);
    }

    /// <summary>What lies right of and below an element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Matrix<T> From(nint i, nint j) => new(Origin + i * Row + j * Column, Row, Column);
}
