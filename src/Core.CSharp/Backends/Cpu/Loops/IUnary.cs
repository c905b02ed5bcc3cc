namespace Implicit.Backends.Cpu;

/// <summary>A function of one number, lane by lane.</summary>
internal interface IUnary
{
    static abstract V Apply<V>(V x)
        where V : unmanaged, ILanes<V>;
}
