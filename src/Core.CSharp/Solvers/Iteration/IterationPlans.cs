using System.Collections.Concurrent;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// The compiled functions of an iteration, by how many items run at once; found again when a loop solves a problem of the same structure.
/// </summary>
internal sealed class IterationPlans
{
    private static readonly BoundedCache<(Iteration, ItemAxis?), IterationPlans> Known = new(key => new IterationPlans(
        key.Item1,
        key.Item2
    ));

    private readonly Iteration iteration;
    private readonly Function init;
    private readonly ItemAxis? items;
    private readonly ConcurrentDictionary<int, CompiledFunction> inits = new();

    private IterationPlans(Iteration iteration, ItemAxis? items)
    {
        this.iteration = iteration;
        this.items = items;
        StateTypes = iteration.Step.ArgumentTypes[..iteration.States];
        bool[] isStarted = Flags.All(iteration.States + 1);
        Array.Fill(isStarted, false, Started, iteration.UnreadAtStart);
        init = iteration.Init.Select(isStarted);
        // The measure comes first, where every step finds it.
        List<TensorType> room = [iteration.Step.ResultTypes[^1]];
        StepPlans last = new(iteration.Step, iteration.Blind, iteration.States, items, room);
        Steps = iteration.Between is { } between
            ? [new(between, blind: null, iteration.States, items, room), last]
            : [last];
        Room = [.. room];
    }

    /// <summary>How many states are computed at the start, those before the ones that are not read.</summary>
    public int Started => iteration.States - iteration.UnreadAtStart;

    /// <summary>The types of the states of an item.</summary>
    public TensorType[] StateTypes { get; }

    /// <summary>The steps between, if there are any, and the one that ends a turn.</summary>
    public StepPlans[] Steps { get; }

    /// <summary>The types of an item's room for what steps write, in which the measure is the first.</summary>
    public TensorType[] Room { get; }

    /// <summary>As <see cref="Iteration.Image"/>.</summary>
    public int Image => iteration.Image;

    /// <summary>Which of <see cref="Steps"/> is taken after so many.</summary>
    public int KindOf(int taken) => (taken + 1) % iteration.StepsPerTurn == 0 ? Steps.Length - 1 : 0;

    /// <summary>The start of so many items. One item alone is computed as a problem of its own.</summary>
    public CompiledFunction Init(int size) =>
        inits.GetOrAdd(
            size,
            static (count, plans) => CompiledFunction.For(Sized(plans.items, plans.init, 1, count)),
            this
        );

    public static IterationPlans For(Iteration iteration, ItemAxis? items) => Known[(iteration, items)];

    /// <summary>Memory for one tensor of each item.</summary>
    public static Buffer Allocate(TensorType item, int size) =>
        Device.Cpu.Backend.Allocate(item.DType, item.Shape.Prepend(size).Length);

    /// <summary>A function of one item for so many.</summary>
    public static Function Sized(ItemAxis? items, Function item, int own, int size) =>
        items is null || size == 1 ? item : items.Map(item, own, size);
}
