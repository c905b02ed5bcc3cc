using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>The functions of one number, as types that a loop is specialised for.</summary>
internal static class UnaryFunctions
{
    internal readonly struct Negate : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => -x;
    }

    internal readonly struct Abs : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => V.Abs(x);
    }

    internal readonly struct Sign : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> =>
            V.Select(V.Less(V.Of(0), x), V.Of(1), V.Select(V.Less(x, V.Of(0)), V.Of(-1), x));
    }

    internal readonly struct Floor : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => V.Floor(x);
    }

    internal readonly struct Ceiling : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => V.Ceiling(x);
    }

    internal readonly struct Round : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => V.Round(x);
    }

    internal readonly struct Sqrt : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => V.Sqrt(x);
    }

    internal readonly struct Exp : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Exponential.Exp(x);
    }

    internal readonly struct Expm1 : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Exponential.Expm1(x);
    }

    internal readonly struct Sinh : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Exponential.Sinh(x);
    }

    internal readonly struct Cosh : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Exponential.Cosh(x);
    }

    internal readonly struct Tanh : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Exponential.Tanh(x);
    }

    internal readonly struct Log : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Logarithm.Log(x);
    }

    internal readonly struct Log1p : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Logarithm.Log1p(x);
    }

    internal readonly struct Log10 : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Logarithm.Log10(x);
    }

    internal readonly struct Sin : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Trigonometric.Sin(x);
    }

    internal readonly struct Cos : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Trigonometric.Cos(x);
    }

    internal readonly struct Tan : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Trigonometric.Tan(x);
    }

    internal readonly struct Asin : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => InverseTrigonometric.Asin(x);
    }

    internal readonly struct Acos : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => InverseTrigonometric.Acos(x);
    }

    internal readonly struct Atan : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => InverseTrigonometric.Atan(x);
    }

    internal readonly struct Erf : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => ErrorFunction.Erf(x);
    }

    internal readonly struct Sigmoid : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Logistic.Sigmoid(x);
    }

    internal readonly struct Silu : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => Logistic.Silu(x);
    }

    internal readonly struct NormalDensity : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => NormalDistribution.Density(x);
    }

    internal readonly struct NormalCdf : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => NormalDistribution.Cdf(x);
    }

    internal readonly struct Gelu : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => NormalDistribution.Gelu(x);
    }

    /// <summary>Of truth values, which are bytes 0 and 1.</summary>
    internal readonly struct Not : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V x)
            where V : unmanaged, ILanes<V> => x ^ V.Of(1);
    }
}
