using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>What a product does with the elements that it meets, as a type.</summary>
internal interface IUpdate
{
    /// <summary>Whether the old elements matter; those of a product that sets are not read.</summary>
    static abstract bool Reads { get; }

    static abstract V Apply<V>(V old, V sum)
        where V : unmanaged, ILanes<V>;
}

internal static class Update
{
    internal readonly struct Set : IUpdate
    {
        public static bool Reads => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V old, V sum)
            where V : unmanaged, ILanes<V> => sum;
    }

    internal readonly struct Add : IUpdate
    {
        public static bool Reads => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V old, V sum)
            where V : unmanaged, ILanes<V> => old + sum;
    }

    internal readonly struct Subtract : IUpdate
    {
        public static bool Reads => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V old, V sum)
            where V : unmanaged, ILanes<V> => old - sum;
    }
}
