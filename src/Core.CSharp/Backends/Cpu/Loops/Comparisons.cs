using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Comparisons of two numbers, which give masks; those with NaN do not hold.</summary>
internal static class Comparisons
{
    internal readonly struct Equal : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => V.Equal(a, b);
    }

    internal readonly struct Less : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => V.Less(a, b);
    }

    internal readonly struct LessOrEqual : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Apply<V>(V a, V b)
            where V : unmanaged, ILanes<V> => V.LessOrEqual(a, b);
    }
}
