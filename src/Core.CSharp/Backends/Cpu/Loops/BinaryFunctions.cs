using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>The functions of two numbers, as types that a loop is specialised for.</summary>
internal static class BinaryFunctions
{
    internal readonly struct Add : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a + b;
    }

    internal readonly struct Subtract : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a - b;
    }

    internal readonly struct Multiply : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a * b;
    }

    internal readonly struct Divide : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a / b;
    }

    internal readonly struct Minimum : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => V.Min(a, b);
    }

    internal readonly struct Maximum : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => V.Max(a, b);
    }

    internal readonly struct Power : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => PowerFunction.Pow(a, b);
    }

    internal readonly struct Atan2 : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => InverseTrigonometric.Atan2(a, b);
    }

    /// <summary>Of truth values, which are bytes 0 and 1.</summary>
    internal readonly struct And : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a & b;
    }

    /// <summary>Of truth values, which are bytes 0 and 1.</summary>
    internal readonly struct Or : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a | b;
    }

    /// <summary>Of truth values, which are bytes 0 and 1.</summary>
    internal readonly struct Xor : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a ^ b;
    }
}
