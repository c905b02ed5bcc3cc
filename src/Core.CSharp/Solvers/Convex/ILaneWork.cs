using Implicit.Backends.Cpu;

namespace Implicit.Solvers.Convex;

/// <summary>Work on problems that is written once for every width of vectors.</summary>
internal interface ILaneWork
{
    /// <summary>Small problems, one in each lane.</summary>
    void SideBySide<W>()
        where W : unmanaged, ILanes<W, double>;

    /// <summary>Large ones, with vectors along the rows of their matrices.</summary>
    void OneByOne<W>()
        where W : unmanaged, ILanes<W, double>;
}
