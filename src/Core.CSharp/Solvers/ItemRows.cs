using Implicit.Control;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// The items of an iteration that still run, computed by one plan. Steps allocate nothing. The places of items that have ended are copies of the
/// first that runs, so that nothing which has failed is computed on, until half of all are idle: then those that run are moved together.
/// </summary>
internal sealed class ItemRows : IItemRows
{
    private readonly IterationPlans plans;
    private readonly int states;
    private readonly int[] items;

    /// <summary>Where in memory each row is; behind them the places that are idle.</summary>
    private readonly int[] places;
    private readonly string?[] failures;
    private readonly ItemBuffers starts;
    private readonly ItemBuffers arguments;
    private readonly List<(int Place, Buffer[] State)> kept = [];
    private readonly Buffer[] before;
    private readonly double[] measures;
    private (CompiledFunction Init, LoopFunction Step) plan;
    private LoopFunction.Calls steps;

    /// <summary>From which row on the places are copies of the first; idle ones before may hold anything.</summary>
    private int copies;
    private Buffer[] results;

    public ItemRows(Iteration iteration, ItemAxis? batch, ReadOnlySpan<Buffer> inputs)
    {
        plans = IterationPlans.For(iteration, batch);
        states = iteration.States;
        int size = Count = copies = batch?.Size ?? 1;
        items = [.. Enumerable.Range(0, size)];
        places = [.. items];
        failures = new string?[size];
        before = new Buffer[states];
        measures = new double[2 * size];
        bool[] captures = batch is null ? new bool[inputs.Length - 1] : [.. batch.Batched];
        starts = new ItemBuffers(inputs, [true, .. captures], size);
        IEnumerable<Buffer> state = iteration
            .Step.ArgumentTypes.Take(states)
            .Select(type => Hosting.Allocate(type with { Shape = type.Shape.Prepend(size) })!);
        arguments = new ItemBuffers([.. state, .. inputs[1..]], [.. Flags.All(states), .. captures], size, states);
        plan = plans[size];
        steps = plan.Step.Begin(arguments.All);
        results = Hosting.Allocate(plan.Step.ResultTypes)!;
    }

    public int Count { get; private set; }

    public int Item(int row) => items[row];

    public string? Failure(int row) => failures[places[row]];

    public Measure? Done(int row) => Measured(row);

    /// <summary>The measure of a row's iterate.</summary>
    public Measure Measured(int row) => new(measures[2 * places[row]], measures[(2 * places[row]) + 1]);

    public void Finish(int row, Buffer target) => Finish(row, arguments.All[0], target);

    /// <remarks>What was the iterate before a step keeps its place until the next one.</remarks>
    public void FinishBefore(int row, Buffer target) => Finish(row, before[0], target);

    /// <summary>A row of one tensor of the state, in double.</summary>
    public double[] Read(int state, int row)
    {
        int length = RowLength(state);
        return Elements.ToDoubles(arguments.All[state], places[row] * length, length);
    }

    /// <summary>Makes another point a row's iterate: the next step goes on from there.</summary>
    public void Write(int row, double[] point) => Elements.Write(arguments.All[0], places[row] * point.Length, point);

    public void Init()
    {
        Compute(first: true, starts, [.. arguments.All[..plans.Started], results[^1]]);
        // There was no state before.
        kept.Clear();
    }

    public void Step()
    {
        Compute(first: false, arguments, results);
        plans.Flow.Turn(arguments, results, before);
        foreach ((int place, Buffer[] state) in kept)
            Elements.WriteRow(state, place, arguments.All);
        kept.Clear();
    }

    public void Remove(int row)
    {
        Count--;
        items[row] = items[Count];
        (places[row], places[Count]) = (places[Count], places[row]);
        // Copies of what has ended would be computed on.
        if (row == 0)
            copies = arguments.Size;
    }

    public void Settle()
    {
        if (copies == Count)
            return;
        if (arguments.Gather(places.AsSpan(0, Count)))
            Shrink();
        else
            for (int idle = Count; idle < copies; idle++)
                arguments.Copy(places[0], places[idle]);
        copies = Count;
    }

    public void Dispose()
    {
        steps.Dispose();
        Buffer.Release(arguments.All[..states]);
        Buffer.Release(results);
    }

    /// <summary>The items that run have become the first of fewer.</summary>
    private void Shrink()
    {
        for (int row = 0; row < arguments.Size; row++)
            places[row] = row;
        plan = plans[arguments.Size];
        steps = plan.Step.Begin(arguments.All, steps);
        Buffer.Release(results);
        results = Hosting.Allocate(plan.Step.ResultTypes)!;
    }

    private void Compute(bool first, ItemBuffers given, Buffer[] found)
    {
        Array.Clear(failures);
        try
        {
            if (first)
                plan.Init.Run(given.All, found);
            else
                steps.Run(given.All, found);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            // What is computed alone leaves out the idle places.
            copies = arguments.Size;
            if (given.Size == 1)
                Fail(0, error);
            else
                for (int row = 0; row < Count; row++)
                    ComputeAlone(row, first, given, found);
        }
        Elements.Read(found[^1], measures);
    }

    /// <summary>One item by itself, when one of the batch cannot be computed.</summary>
    private void ComputeAlone(int row, bool first, ItemBuffers given, Buffer[] found)
    {
        (CompiledFunction init, LoopFunction step) = plans[1];
        Buffer[] arguments = given.Row(places[row]);
        Buffer[] own = Hosting.Allocate(first ? init.ResultTypes : step.ResultTypes)!;
        try
        {
            if (first)
                init.Run(arguments, own);
            else
            {
                using LoopFunction.Calls alone = step.Begin(arguments);
                alone.Run(arguments, own);
            }
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            Fail(row, error);
            return;
        }
        Elements.WriteRow(own, places[row], found);
    }

    /// <summary>A row that cannot be computed keeps its state.</summary>
    private void Fail(int row, Exception error)
    {
        int place = places[row];
        failures[place] = error.Message;
        kept.Add((place, arguments.Row(place)[..states]));
    }

    private void Finish(int row, Buffer iterates, Buffer target)
    {
        int length = RowLength(0);
        target.CopyFrom(iterates, places[row] * length, items[row] * length, length);
    }

    private int RowLength(int argument) => arguments.All[argument].Length / arguments.Size;
}
