using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Work on problems side by side that is written once for every number of lanes and their algorithms.</summary>
internal interface ILaneWork
{
    void Run<V, D>()
        where V : unmanaged, ILanes<V, double>
        where D : struct, IDense<V>;
}
