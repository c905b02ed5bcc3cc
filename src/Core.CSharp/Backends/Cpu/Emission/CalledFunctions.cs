using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Functions of vectors as methods of their own, for where there is no room to inline them.</summary>
internal static class CalledFunctions
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static V Unary<TOp, V>(V x)
        where TOp : struct, IUnary
        where V : unmanaged, ILanes<V> => TOp.Apply(x);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static V Binary<TOp, V>(V a, V b)
        where TOp : struct, IBinary
        where V : unmanaged, ILanes<V> => TOp.Apply(a, b);
}
