using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Loads and stores that are partial at the end of an array.</summary>
internal static unsafe class Lane
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Load<V, T>(T* source, nint left)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged => left >= V.Count ? V.Load(source) : V.LoadPart(source, (int)left);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<V, T>(V value, T* target, nint left)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        if (left >= V.Count)
            V.Store(value, target);
        else
            V.StorePart(value, target, (int)left);
    }
}
