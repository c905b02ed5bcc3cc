using Implicit.Control;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>A problem that is solved by iteration.</summary>
internal interface IIterative : IFinder
{
    /// <summary>When the driver gives up.</summary>
    IterationLimits Limits { get; }

    /// <summary>A new solve.</summary>
    /// <param name="items">The batch, if it is one.</param>
    /// <param name="inputs">The start, and captures.</param>
    IItemRows Rows(ItemAxis? items, ReadOnlySpan<Buffer> inputs);
}
