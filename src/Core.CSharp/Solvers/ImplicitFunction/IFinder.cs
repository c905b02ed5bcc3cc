using Implicit.Control;
using Implicit.Kernels;

namespace Implicit.Solvers;

/// <summary>A way to find the z with F(z, θ) = 0, by structure: equal finders find equal solutions.</summary>
internal interface IFinder
{
    /// <summary>Who solves, for messages.</summary>
    string Name { get; }

    /// <summary>The solve of one problem as a host function, (start, captures) → z; of a batch, if it can solve one.</summary>
    /// <param name="items">The batch, if it is one.</param>
    /// <param name="onFail">What is given for what is not solved.</param>
    IHostFunction Runner(ItemAxis? items, OnFail onFail);

    /// <summary>Whether a batch can be solved at once. Otherwise items are solved one after the other.</summary>
    bool SolvesBatches { get; }
}
