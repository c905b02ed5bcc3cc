using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Elements of which only the size, or only the type's name, is known.</summary>
internal static unsafe class Elements
{
    /// <summary>Whole numbers up to here are float64 numbers.</summary>
    private const long LargestWhole = 1L << 53;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(int size, Value source, byte* target, int count)
    {
        if (size == 8)
            Copies.Gather((long*)source.Pointer, source.Step, (long*)target, count);
        else if (size == 4)
            Copies.Gather((int*)source.Pointer, source.Step, (int*)target, count);
        else
            Copies.Gather(source.Pointer, source.Step, target, count);
    }

    /// <summary>Writes a number as an element of the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(DType dtype, double number, byte* target)
    {
        if (dtype == DType.Float64)
            *(double*)target = number;
        else if (dtype == DType.Float32)
            *(float*)target = (float)number;
        else if (dtype == DType.Int64)
            *(long*)target = (long)number;
        else
            *target = number != 0 ? (byte)1 : (byte)0;
    }

    /// <summary>An element of the type as a number; null for a whole one that no float64 number is.</summary>
    public static double? Read(DType dtype, byte* source) =>
        dtype switch
        {
            DType.Float64 => *(double*)source,
            DType.Float32 => *(float*)source,
            DType.Int64 => *(long*)source is >= -LargestWhole and <= LargestWhole and var whole ? whole : null,
            _ => *source,
        };
}
