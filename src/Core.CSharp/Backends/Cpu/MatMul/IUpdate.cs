using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>What a product does with the elements that it meets, as a type.</summary>
internal interface IUpdate
{
    /// <summary>Whether sums begin at the elements that are there; those of a product that sets begin at zero.</summary>
    static abstract bool Reads { get; }

    /// <summary>A sum with one more product.</summary>
    static abstract V Next<V>(V a, V b, V sum)
        where V : unmanaged, ILanes<V>;
}

internal static class Update
{
    internal readonly struct Set : IUpdate
    {
        public static bool Reads => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Next<V>(V a, V b, V sum)
            where V : unmanaged, ILanes<V> => V.MultiplyAdd(a, b, sum);
    }

    internal readonly struct Add : IUpdate
    {
        public static bool Reads => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Next<V>(V a, V b, V sum)
            where V : unmanaged, ILanes<V> => V.MultiplyAdd(a, b, sum);
    }

    internal readonly struct Subtract : IUpdate
    {
        public static bool Reads => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Next<V>(V a, V b, V sum)
            where V : unmanaged, ILanes<V> => V.MultiplyAddNegated(a, b, sum);
    }
}
