using System.Collections.Concurrent;
using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>The compiled functions of one of the steps of an iteration, by how many items run at once.</summary>
internal sealed class StepPlans
{
    private readonly Function step;
    private readonly int states;
    private readonly ItemAxis? items;

    /// <summary>Which arguments stay the same: what was captured by all items.</summary>
    private readonly bool[] isFixed;
    private readonly ConcurrentDictionary<int, LoopFunction> sized = new();
    private readonly Lazy<CompiledFunction?> blind;

    /// <param name="step">The step.</param>
    /// <param name="blind">The step to an iterate whose residual is NaN, if the method has one.</param>
    /// <param name="states">The number of states.</param>
    /// <param name="items">The batch, if it is one.</param>
    /// <param name="room">The types of what steps write, the measure first; what this step needs beside is added.</param>
    public StepPlans(Function step, Function? blind, int states, ItemAxis? items, List<TensorType> room)
    {
        Flow = new StateFlow(step, states);
        this.step = step.Select(Flow.IsComputed);
        (this.states, this.items) = (states, items);
        isFixed = new bool[step.Arguments.Length];
        for (int i = states; i < isFixed.Length; i++)
            isFixed[i] = items is null || !items.Batched[i - states];
        this.blind = new(() => blind is null ? null : CompiledFunction.For(blind.Select(Flow.IsComputed)));
        TensorType[] results = this.step.ResultTypes;
        // The measure is the last result, and the first in the room.
        Places = [.. PlacesIn(room, results[..^1]), 0];
    }

    /// <summary>Which states are computed, and which only move.</summary>
    public StateFlow Flow { get; }

    /// <summary>Where in the room of all steps each result is written.</summary>
    public ValueArray<int> Places { get; }

    /// <summary>The step of one item to an iterate whose residual is NaN, if the method has one.</summary>
    public CompiledFunction? Blind => blind.Value;

    /// <summary>The step of so many items: those states that are computed, and the measure.</summary>
    public LoopFunction Sized(int size) =>
        sized.GetOrAdd(
            size,
            static (count, plans) =>
                LoopFunction.For(IterationPlans.Sized(plans.items, plans.step, plans.states, count), plans.isFixed),
            this
        );

    private static int[] PlacesIn(List<TensorType> room, TensorType[] results)
    {
        bool[] isTaken = new bool[room.Count + results.Length];
        isTaken[0] = true;
        return Array.ConvertAll(results, Take);

        int Take(TensorType type)
        {
            int place = 0;
            while (place < room.Count && (isTaken[place] || room[place] != type))
                place++;
            if (place == room.Count)
                room.Add(type);
            isTaken[place] = true;
            return place;
        }
    }
}
