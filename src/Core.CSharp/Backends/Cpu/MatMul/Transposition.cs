using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Implicit.Backends.Cpu;

/// <summary>Transposes of blocks in registers, where the hardware shuffles pairs of vectors.</summary>
internal static unsafe class Transposition
{
    public static bool IsSupported => Avx.IsSupported;

    /// <summary>The rows and columns of the least block: eight of 4-byte elements, or four of 8-byte ones.</summary>
    public static int Size<T>()
        where T : unmanaged => 32 / sizeof(T);

    /// <summary>The rows and columns of the largest block that divides a matrix which the least one divides.</summary>
    public static int Size<T>(nint rows, nint columns)
        where T : unmanaged => Avx512F.IsSupported && (rows | columns) % 8 == 0 ? 8 : Size<T>();

    /// <summary>target[j, i] = source[i, j]; rows are contiguous in both, the strides in elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Block<T>(int size, T* source, nint sourceRow, T* target, nint targetRow)
        where T : unmanaged
    {
        if (sizeof(T) == 8 && size == 8)
            Eight((double*)source, sourceRow, (double*)target, targetRow);
        else if (sizeof(T) == 8)
            Four((double*)source, sourceRow, (double*)target, targetRow);
        else
            Eight((float*)source, sourceRow, (float*)target, targetRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(double* source, nint sourceRow, double* target, nint targetRow)
    {
        double* lower = source + 4 * sourceRow;
        Vector512<double> r0 = Vector512.Load(source);
        Vector512<double> r1 = Vector512.Load(source + sourceRow);
        Vector512<double> r2 = Vector512.Load(source + 2 * sourceRow);
        Vector512<double> r3 = Vector512.Load(source + 3 * sourceRow);
        Vector512<double> r4 = Vector512.Load(lower);
        Vector512<double> r5 = Vector512.Load(lower + sourceRow);
        Vector512<double> r6 = Vector512.Load(lower + 2 * sourceRow);
        Vector512<double> r7 = Vector512.Load(lower + 3 * sourceRow);
        Columns(
            Avx512F.UnpackLow(r0, r1),
            Avx512F.UnpackLow(r2, r3),
            Avx512F.UnpackLow(r4, r5),
            Avx512F.UnpackLow(r6, r7),
            target,
            targetRow
        );
        Columns(
            Avx512F.UnpackHigh(r0, r1),
            Avx512F.UnpackHigh(r2, r3),
            Avx512F.UnpackHigh(r4, r5),
            Avx512F.UnpackHigh(r6, r7),
            target + targetRow,
            targetRow
        );
    }

    /// <summary>Of four pairs of rows every second column: the pairs of a column lie at the same place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns(
        Vector512<double> p0,
        Vector512<double> p1,
        Vector512<double> p2,
        Vector512<double> p3,
        double* target,
        nint targetRow
    )
    {
        Vector512<double> even01 = Avx512F.Shuffle4x128(p0, p1, 0b10_00_10_00);
        Vector512<double> even23 = Avx512F.Shuffle4x128(p2, p3, 0b10_00_10_00);
        Vector512<double> odd01 = Avx512F.Shuffle4x128(p0, p1, 0b11_01_11_01);
        Vector512<double> odd23 = Avx512F.Shuffle4x128(p2, p3, 0b11_01_11_01);
        Avx512F.Shuffle4x128(even01, even23, 0b10_00_10_00).Store(target);
        Avx512F.Shuffle4x128(odd01, odd23, 0b10_00_10_00).Store(target + 2 * targetRow);
        Avx512F.Shuffle4x128(even01, even23, 0b11_01_11_01).Store(target + 4 * targetRow);
        Avx512F.Shuffle4x128(odd01, odd23, 0b11_01_11_01).Store(target + 6 * targetRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(double* source, nint sourceRow, double* target, nint targetRow)
    {
        Vector256<double> r0 = Vector256.Load(source);
        Vector256<double> r1 = Vector256.Load(source + sourceRow);
        Vector256<double> r2 = Vector256.Load(source + 2 * sourceRow);
        Vector256<double> r3 = Vector256.Load(source + 3 * sourceRow);
        Vector256<double> even01 = Avx.UnpackLow(r0, r1);
        Vector256<double> odd01 = Avx.UnpackHigh(r0, r1);
        Vector256<double> even23 = Avx.UnpackLow(r2, r3);
        Vector256<double> odd23 = Avx.UnpackHigh(r2, r3);
        Avx.Permute2x128(even01, even23, 0x20).Store(target);
        Avx.Permute2x128(odd01, odd23, 0x20).Store(target + targetRow);
        Avx.Permute2x128(even01, even23, 0x31).Store(target + 2 * targetRow);
        Avx.Permute2x128(odd01, odd23, 0x31).Store(target + 3 * targetRow);
    }

    /// <summary>Pairs of columns of the upper and the lower four rows, put side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* source, nint sourceRow, float* target, nint targetRow)
    {
        float* lower = source + 4 * sourceRow;
        Quarter(source, sourceRow, out Vector256<float> u0, out var u1, out var u2, out var u3);
        Quarter(lower, sourceRow, out Vector256<float> l0, out var l1, out var l2, out var l3);
        Avx.Permute2x128(u0, l0, 0x20).Store(target);
        Avx.Permute2x128(u1, l1, 0x20).Store(target + targetRow);
        Avx.Permute2x128(u2, l2, 0x20).Store(target + 2 * targetRow);
        Avx.Permute2x128(u3, l3, 0x20).Store(target + 3 * targetRow);
        Avx.Permute2x128(u0, l0, 0x31).Store(target + 4 * targetRow);
        Avx.Permute2x128(u1, l1, 0x31).Store(target + 5 * targetRow);
        Avx.Permute2x128(u2, l2, 0x31).Store(target + 6 * targetRow);
        Avx.Permute2x128(u3, l3, 0x31).Store(target + 7 * targetRow);
    }

    /// <summary>Of four rows the columns j and j + 4, one behind the other, for j = 0 … 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(
        float* source,
        nint row,
        out Vector256<float> c0,
        out Vector256<float> c1,
        out Vector256<float> c2,
        out Vector256<float> c3
    )
    {
        Vector256<float> r0 = Vector256.Load(source);
        Vector256<float> r1 = Vector256.Load(source + row);
        Vector256<float> r2 = Vector256.Load(source + 2 * row);
        Vector256<float> r3 = Vector256.Load(source + 3 * row);
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble();
        Vector256<double> high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        c0 = Avx.UnpackLow(low01, low23).AsSingle();
        c1 = Avx.UnpackHigh(low01, low23).AsSingle();
        c2 = Avx.UnpackLow(high01, high23).AsSingle();
        c3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }
}
