namespace Implicit.Backends.Cpu;

/// <summary>A function of two numbers, lane by lane.</summary>
internal interface IBinary
{
    static abstract V Apply<V>(V a, V b)
        where V : unmanaged, ILanes<V>;
}
