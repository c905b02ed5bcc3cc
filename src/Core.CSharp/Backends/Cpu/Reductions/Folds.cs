using System.Numerics;
using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>What reductions combine with, as types that a loop is specialised for.</summary>
internal static class Folds
{
    internal readonly struct Sum : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a + b;

        public static T Neutral<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.Zero;

        public static T Combine<T>(T a, T b)
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => a + b;
    }

    internal readonly struct Product : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => a * b;

        public static T Neutral<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.One;

        public static T Combine<T>(T a, T b)
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }

    internal readonly struct Minimum : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => V.Min(a, b);

        public static T Neutral<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => Extremes<T>.Largest;

        public static T Combine<T>(T a, T b)
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.Min(a, b);
    }

    internal readonly struct Maximum : IFold
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => V.Max(a, b);

        public static T Neutral<T>()
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => Extremes<T>.Smallest;

        public static T Combine<T>(T a, T b)
            where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.Max(a, b);
    }

    /// <summary>The ends of a type's line: ±∞ where it has them.</summary>
    private static class Extremes<T>
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public static T Largest => T.MaxValue + T.MaxValue > T.MaxValue ? T.MaxValue + T.MaxValue : T.MaxValue;

        public static T Smallest => T.MinValue + T.MinValue < T.MinValue ? T.MinValue + T.MinValue : T.MinValue;
    }
}
