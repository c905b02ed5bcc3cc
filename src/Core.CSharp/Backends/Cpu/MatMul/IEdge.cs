using System.Runtime.CompilerServices;

namespace Implicit.Backends.Cpu;

/// <summary>Whether the last vector of a tile is whole, as a type: a kernel without masks has no branches.</summary>
internal unsafe interface IEdge
{
    static abstract V Load<V, T>(T* source, int count)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged;

    static abstract void Store<V, T>(V value, T* target, int count)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged;
}

internal static unsafe class Edge
{
    internal readonly struct Whole : IEdge
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load<V, T>(T* source, int count)
            where V : unmanaged, ILanes<V, T>
            where T : unmanaged => V.Load(source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<V, T>(V value, T* target, int count)
            where V : unmanaged, ILanes<V, T>
            where T : unmanaged => V.Store(value, target);
    }

    internal readonly struct Part : IEdge
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Load<V, T>(T* source, int count)
            where V : unmanaged, ILanes<V, T>
            where T : unmanaged => V.LoadPart(source, count);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<V, T>(V value, T* target, int count)
            where V : unmanaged, ILanes<V, T>
            where T : unmanaged => V.StorePart(value, target, count);
    }
}
