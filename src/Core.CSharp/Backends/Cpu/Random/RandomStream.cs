using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Implicit.Backends.Cpu;

/// <summary>
/// The first n numbers of the stream that a key names. Element i is made from word i mod 2 of Philox block i / 2 (normal numbers:
/// from both words), so a longer stream begins with the shorter one.
/// </summary>
internal static unsafe class RandomStream
{
    /// <summary>Elements that eight blocks give.</summary>
    private const int Batch = 16;

    /// <summary>2^−53 and 2^−24: one unit in the last place of numbers in [½, 1).</summary>
    private const double DoubleUnit = 1.0 / (1L << 53);
    private const double SingleUnit = 1.0 / (1 << 24);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Bits(long key, long* y, nint n)
    {
        for (nint i = 0; i < n; i += Batch)
        {
            (Vector512<ulong> first, Vector512<ulong> second) = Philox.EightBlocks((ulong)key, (ulong)i / 2);
            Interleave(first.AsInt64(), second.AsInt64(), y + i, n - i);
        }
    }

    /// <summary>Uniform on [0, 1): the upper 53 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Uniform(long key, double* y, nint n)
    {
        for (nint i = 0; i < n; i += Batch)
        {
            (Vector512<ulong> first, Vector512<ulong> second) = Philox.EightBlocks((ulong)key, (ulong)i / 2);
            Interleave(Unit(first, 11, DoubleUnit), Unit(second, 11, DoubleUnit), y + i, n - i);
        }
    }

    /// <summary>Uniform on [0, 1): the upper 24 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Uniform(long key, float* y, nint n)
    {
        for (nint i = 0; i < n; i += Batch)
        {
            (Vector512<ulong> first, Vector512<ulong> second) = Philox.EightBlocks((ulong)key, (ulong)i / 2);
            Interleave(Unit(first, 40, SingleUnit), Unit(second, 40, SingleUnit), y + i, n - i);
        }
    }

    /// <summary>Normal, mean 0, variance 1 (<see cref="Pair"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normal(long key, double* y, nint n)
    {
        for (nint i = 0; i < n; i += Batch)
        {
            (Vector512<double> first, Vector512<double> second) = Pair((ulong)key, (ulong)i / 2);
            Interleave(first, second, y + i, n - i);
        }
    }

    /// <summary>The float64 normal numbers, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normal(long key, float* y, nint n)
    {
        for (nint i = 0; i < n; i += Batch)
        {
            (Vector512<double> first, Vector512<double> second) = Pair((ulong)key, (ulong)i / 2);
            Interleave(first, second, y + i, n - i);
        }
    }

    /// <summary>
    /// √(−2 log u)·cos 2πv and √(−2 log u)·sin 2πv for uniform u in (0, 1] and v in [0, 1) (Box and Muller 1958).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<double> First, Vector512<double> Second) Pair(ulong key, ulong block)
    {
        (Vector512<ulong> first, Vector512<ulong> second) = Philox.EightBlocks(key, block);
        Lanes512<double> u = new(Vector512<double>.One - Unit(first, 11, DoubleUnit));
        Lanes512<double> angle = new(Unit(second, 11, DoubleUnit) * (2 * Math.PI));
        Lanes512<double> radius = Lanes512<double>.Sqrt(Lanes512<double>.Of(-2) * Logarithm.Log(u));
        Lanes512<double> x = radius * Trigonometric.Cos(angle);
        Lanes512<double> y = radius * Trigonometric.Sin(angle);
        return (
            Unsafe.BitCast<Lanes512<double>, Vector512<double>>(x),
            Unsafe.BitCast<Lanes512<double>, Vector512<double>>(y)
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Unit(Vector512<ulong> bits, int discarded, double unit) =>
        Vector512.ConvertToDouble((bits >>> discarded).AsInt64()) * unit;

    /// <summary>y = first[0], second[0], first[1], …, at most <paramref name="left"/> of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave<TFrom, TTo>(Vector512<TFrom> first, Vector512<TFrom> second, TTo* y, nint left)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        int count = (int)Math.Min(left, Batch);
        for (int j = 0; j < count; j++)
        {
            TFrom value = (j % 2 == 0 ? (TFrom*)&first : (TFrom*)&second)[j / 2];
            y[j] =
                typeof(TFrom) == typeof(TTo)
                    ? Unsafe.BitCast<TFrom, TTo>(value)
                    : (TTo)(object)(float)(double)(object)value;
        }
    }
}
