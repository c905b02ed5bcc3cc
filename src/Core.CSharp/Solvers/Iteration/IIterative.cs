using Implicit.Control;
using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>A problem that is solved by iteration.</summary>
internal interface IIterative : IFinder
{
    /// <summary>What gives the solution without an account.</summary>
    string ShortForm => Name;

    /// <summary>When the driver gives up.</summary>
    IterationLimits Limits { get; }

    /// <summary>A new solve.</summary>
    /// <param name="items">The batch, if it is one.</param>
    /// <param name="inputs">The start, and captures.</param>
    IItemRows Rows(ItemAxis? items, ReadOnlySpan<Buffer> inputs);
}

/// <summary>A problem whose steps are operations, which can be taken again and differentiated.</summary>
internal interface IReplayable : IIterative
{
    /// <summary>(start, number of steps, captures) → the iterate after these steps, of one item.</summary>
    Function Replay();
}
