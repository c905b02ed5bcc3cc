using System.Collections.Concurrent;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>
/// The compiled functions of an iteration, by how many items run at once; found again when a loop solves a problem of the same structure.
/// </summary>
internal sealed class IterationPlans
{
    private static readonly BoundedCache<(Iteration, ItemAxis?), IterationPlans> Known = new(
        256,
        key => new IterationPlans(key.Item1, key.Item2)
    );

    private readonly Iteration iteration;
    private readonly Function init;
    private readonly ItemAxis? items;
    private readonly ConcurrentDictionary<int, (CompiledFunction Init, LoopFunction Step)> bySize = new();

    /// <summary>Which arguments of a step stay the same: what was captured by all items.</summary>
    private readonly bool[] isFixed;

    private IterationPlans(Iteration iteration, ItemAxis? items)
    {
        isFixed = new bool[iteration.Step.Arguments.Length];
        for (int i = iteration.States; i < isFixed.Length; i++)
            isFixed[i] = items is null || !items.Batched[i - iteration.States];
        this.iteration = iteration;
        this.items = items;
        Flow = new StateFlow(iteration.Step, iteration.States);
        bool[] isStarted = Flags.All(iteration.States + 1);
        Array.Fill(isStarted, false, Started, iteration.UnreadAtStart);
        init = iteration.Init.Select(isStarted);
    }

    /// <summary>How many states are computed at the start, those before the ones that are not read.</summary>
    public int Started => iteration.States - iteration.UnreadAtStart;

    /// <summary>Which states of a step are computed, and which only move.</summary>
    public StateFlow Flow { get; }

    /// <summary>
    /// The functions for so many items, of the start and of the step those states that are computed, and the measure. One item alone is computed
    /// as a problem of its own.
    /// </summary>
    public (CompiledFunction Init, LoopFunction Step) this[int size] =>
        bySize.GetOrAdd(
            size,
            count =>
                (
                    CompiledFunction.For(Sized(init, 1, count)),
                    LoopFunction.For(Sized(iteration.Step.Select(Flow.IsComputed), iteration.States, count), isFixed)
                )
        );

    public static IterationPlans For(Iteration iteration, ItemAxis? items) => Known[(iteration, items)];

    private Function Sized(Function item, int own, int size) =>
        items is null || size == 1 ? item : items.Map(item, own, size);
}
