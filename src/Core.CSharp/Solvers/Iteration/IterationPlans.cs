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
    private readonly ConcurrentDictionary<int, CompiledFunction> inits = new();
    private readonly ConcurrentDictionary<int, LoopFunction> steps = new();

    private readonly Lazy<CompiledFunction?> blind;

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
        StateTypes = iteration.Step.ArgumentTypes[..iteration.States];
        bool[] isStarted = Flags.All(iteration.States + 1);
        Array.Fill(isStarted, false, Started, iteration.UnreadAtStart);
        init = iteration.Init.Select(isStarted);
        blind = new(() => iteration.Blind?.Select(Flow.IsComputed) is { } step ? CompiledFunction.For(step) : null);
    }

    /// <summary>How many states are computed at the start, those before the ones that are not read.</summary>
    public int Started => iteration.States - iteration.UnreadAtStart;

    /// <summary>Which states of a step are computed, and which only move.</summary>
    public StateFlow Flow { get; }

    /// <summary>The types of the states of an item.</summary>
    public TensorType[] StateTypes { get; }

    /// <summary>As <see cref="Iteration.Image"/>.</summary>
    public int Image => iteration.Image;

    /// <summary>The start of so many items. One item alone is computed as a problem of its own.</summary>
    public CompiledFunction Init(int size) =>
        inits.GetOrAdd(size, static (count, plans) => CompiledFunction.For(plans.Sized(plans.init, 1, count)), this);

    /// <summary>The step of so many items: those states that are computed, and the measure.</summary>
    public LoopFunction Step(int size) =>
        steps.GetOrAdd(
            size,
            static (count, plans) =>
                LoopFunction.For(
                    plans.Sized(plans.iteration.Step.Select(plans.Flow.IsComputed), plans.iteration.States, count),
                    plans.isFixed
                ),
            this
        );

    /// <summary>The step of one item to an iterate whose residual is NaN, if the method has one.</summary>
    public CompiledFunction? Blind => blind.Value;

    public static IterationPlans For(Iteration iteration, ItemAxis? items) => Known[(iteration, items)];

    private Function Sized(Function item, int own, int size) =>
        items is null || size == 1 ? item : items.Map(item, own, size);
}
