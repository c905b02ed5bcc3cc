using Implicit.Control;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// The items of an iteration that still run, computed by one plan. Steps allocate nothing. Items that have ended keep their places until half of all are
/// idle: then those that run are moved together. Until then idle places are copies of the first that runs, so that nothing which has failed is computed on;
/// but of the plain iteration what has converged is, as that costs nothing.
/// </summary>
internal sealed class ItemRows : IItemRows
{
    private readonly IterationPlans plans;
    private readonly int states;
    private readonly RowPlaces places;

    /// <summary>Why the last step could not be computed, by places, and whether its iterate is there without its residual.</summary>
    private readonly Dictionary<int, (string Reason, bool IsBlind)> failures = [];

    /// <summary>Rows that are to be judged.</summary>
    private readonly int[] others;
    private readonly ItemBuffers starts;
    private readonly ItemBuffers arguments;
    private readonly List<(int Place, Buffer[] State)> kept = [];
    private readonly Buffer[] before;
    private readonly double[] measures;
    private readonly RunningSteps steps;

    /// <summary>Whether the places of converged items may be computed on: a step of theirs need not be possible.</summary>
    private bool isConvergedSound;

    public ItemRows(Iteration iteration, ItemAxis? batch, ReadOnlySpan<Buffer> inputs)
    {
        plans = IterationPlans.For(iteration, batch);
        states = iteration.States;
        isConvergedSound = plans.Image >= 0;
        int size = batch?.Size ?? 1;
        places = new RowPlaces(size);
        others = new int[size];
        before = new Buffer[states];
        measures = new double[2 * size];
        bool[] captures = batch is null ? new bool[inputs.Length - 1] : [.. batch.Batched];
        starts = new ItemBuffers(inputs, [true, .. captures], size);
        Buffer[] state = Array.ConvertAll(plans.StateTypes, type => IterationPlans.Allocate(type, size));
        arguments = new ItemBuffers([.. state, .. inputs[1..]], [.. Flags.All(states), .. captures], size, states);
        steps = new RunningSteps(plans, arguments);
    }

    public int Count => places.Count;

    public int Item(int row) => places.ItemOf(row);

    public ReadOnlySpan<int> Improve(BatchProgress progress) =>
        others.AsSpan(0, progress.Improve(places.Items, places.Running, measures, others));

    public string? Failure(int row) => failures.GetValueOrDefault(places[row]).Reason;

    public bool IsBlind(int row) => failures.GetValueOrDefault(places[row]).IsBlind;

    public Measure? Done(int row) => Measured(row);

    /// <summary>The measure of a row's iterate.</summary>
    public Measure Measured(int row) => new(measures[2 * places[row]], measures[(2 * places[row]) + 1]);

    public void Finish(int row, Buffer target) => Finish(row, arguments.All[0], target);

    /// <remarks>What was the iterate before a step keeps its place until the next one.</remarks>
    public void FinishBefore(int row, Buffer target) => Finish(row, before[0], target);

    /// <summary>A row of one tensor of the state, in double.</summary>
    public void Read(int state, int row, Span<double> elements) =>
        Elements.Read(arguments.All[state], places[row] * elements.Length, elements);

    /// <summary>A row of one tensor of the state that is a number.</summary>
    public double Number(int state, int row) => Elements.At(arguments.All[state], places[row]);

    /// <summary>Makes another point a row's iterate: the next step goes on from there.</summary>
    public void Write(int row, double[] point) => Elements.Write(arguments.All[0], places[row] * point.Length, point);

    public void Init()
    {
        if (plans.Image >= 0)
        {
            arguments.All[plans.Image].CopyFrom(starts.All[0], 0, 0, starts.All[0].Length);
            Step();
        }
        else
            Compute(first: true, starts, [.. arguments.All[..plans.Started], steps.Measures]);
        // There was no state before.
        kept.Clear();
    }

    public void Step()
    {
        Compute(first: false, arguments, steps.Begin());
        steps.End(arguments, before);
        foreach ((int place, Buffer[] state) in kept)
            Elements.WriteRow(state, place, arguments.All);
        kept.Clear();
    }

    public void Remove(int row, bool isSolved) => places.Remove(row, isSolved && isConvergedSound);

    public void Settle()
    {
        if (arguments.Gather(places.Running))
            Shrink();
        foreach (int idle in places.Unsound)
            arguments.Copy(places[0], idle);
        places.TrustIdle();
    }

    public void Dispose()
    {
        steps.Dispose();
        Buffer.Release(arguments.All[..states]);
    }

    /// <summary>The items that run have become the first of fewer.</summary>
    private void Shrink()
    {
        places.Gather(arguments.Size);
        steps.Shrink(arguments);
    }

    private void Compute(bool first, ItemBuffers given, Buffer[] found)
    {
        failures.Clear();
        try
        {
            if (first)
                plans.Init(given.Size).Run(given.All, found);
            else
                steps.Run(given);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            // What is computed alone leaves out the idle places.
            places.DistrustIdle();
            isConvergedSound = false;
            if (given.Size == 1)
                Fail(0, error, first, found);
            else
                for (int row = 0; row < Count; row++)
                    ComputeAlone(row, first, given, found);
        }
        Elements.Read(found[^1], measures);
        foreach (int failed in failures.Keys)
            measures[2 * failed] = double.NaN;
    }

    /// <summary>One item by itself, when one of the batch cannot be computed.</summary>
    private void ComputeAlone(int row, bool first, ItemBuffers given, Buffer[] found)
    {
        Buffer[] arguments = given.Row(places[row]);
        Buffer[] own = Hosting.Allocate(first ? plans.Init(1).ResultTypes : steps.Plans.Sized(1).ResultTypes)!;
        try
        {
            if (first)
                plans.Init(1).Run(arguments, own);
            else
            {
                using LoopFunction.Calls alone = steps.Plans.Sized(1).Begin(arguments);
                alone.Run(arguments, own);
            }
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            Fail(row, error, first, found);
            return;
        }
        Elements.WriteRow(own, places[row], found);
    }

    /// <summary>A row that cannot be computed keeps its state, unless the method can go on without the residual.</summary>
    private void Fail(int row, Exception error, bool first, Buffer[] found)
    {
        int place = places[row];
        Buffer[]? own = first ? null : StepBlindly(arguments.Row(place));
        failures[place] = (error.Message, own is not null);
        if (own is not null)
            Elements.WriteRow(own, place, found);
        else
            kept.Add((place, arguments.Row(place)[..states]));
    }

    /// <summary>A step of one item without the residual where it leads; null if there is none, or it cannot be computed either.</summary>
    private Buffer[]? StepBlindly(Buffer[] arguments)
    {
        if (steps.Plans.Blind is not { } step)
            return null;
        Buffer[] own = Hosting.Allocate(step.ResultTypes)!;
        try
        {
            step.Run(arguments, own);
            return own;
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            return null;
        }
    }

    private void Finish(int row, Buffer iterates, Buffer target)
    {
        int length = iterates.Length / arguments.Size;
        target.CopyFrom(iterates, places[row] * length, Item(row) * length, length);
    }
}
