using Implicit.Control;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>The items of an iteration that still run, computed by one plan. Steps allocate nothing.</summary>
internal sealed class ItemRows : IItemRows
{
    private readonly IterationPlans plans;
    private readonly int states;
    private readonly int[] items;
    private readonly string?[] failures;
    private readonly ItemBuffers starts;
    private readonly ItemBuffers arguments;
    private (CompiledFunction Init, CompiledFunction Step) plan;
    private Buffer[] results;

    public ItemRows(Iteration iteration, ItemAxis? batch, ReadOnlySpan<Buffer> inputs)
    {
        plans = IterationPlans.For(iteration, batch);
        states = iteration.States;
        int size = Count = batch?.Size ?? 1;
        items = [.. Enumerable.Range(0, size)];
        failures = new string?[size];
        bool[] captures = batch is null ? new bool[inputs.Length - 1] : [.. batch.Batched];
        starts = new ItemBuffers(inputs, [true, .. captures], size);
        IEnumerable<Buffer> state = iteration
            .Step.ArgumentTypes.Take(states)
            .Select(type => Hosting.Allocate(type with { Shape = type.Shape.Prepend(size) })!);
        arguments = new ItemBuffers([.. state, .. inputs[1..]], [.. Flags.All(states), .. captures], size);
        plan = plans[size];
        results = plan.Step.AllocateResults();
    }

    public int Count { get; private set; }

    public int Item(int row) => items[row];

    public string? Failure(int row) => failures[row];

    public Measure? Done(int row) => Measured(row);

    /// <summary>The measure of a row's iterate.</summary>
    public Measure Measured(int row) =>
        new(Elements.At(results[states], 2 * row), Elements.At(results[states], (2 * row) + 1));

    public void Finish(int row, Buffer target)
    {
        int length = RowLength(0);
        target.CopyFrom(arguments.All[0], row * length, items[row] * length, length);
    }

    /// <summary>A row of one tensor of the state, in double.</summary>
    public double[] Read(int state, int row)
    {
        int length = RowLength(state);
        return Elements.ToDoubles(arguments.All[state], row * length, length);
    }

    /// <summary>Makes another point a row's iterate: the next step goes on from there.</summary>
    public void Write(int row, double[] point) => Elements.Write(arguments.All[0], row * point.Length, point);

    public void Init() => Compute(starts, first: true);

    public void Step() => Compute(arguments, first: false);

    public void Remove(int row)
    {
        Count--;
        items[row] = items[Count];
        failures[row] = failures[Count];
        failures[Count] = null;
        arguments.Copy(Count, row);
    }

    public void Settle()
    {
        int before = arguments.Size;
        arguments.Settle(Count);
        if (arguments.Size == before)
            return;
        plan = plans[arguments.Size];
        results = plan.Step.AllocateResults();
    }

    private void Compute(ItemBuffers given, bool first)
    {
        Array.Clear(failures);
        try
        {
            Chosen(plan, first).Run(given.All, results);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            if (given.Size == 1)
                Fail(0, error);
            else
                for (int row = 0; row < Count; row++)
                    ComputeAlone(row, given, first);
        }
        for (int i = 0; i < states; i++)
            results[i] = arguments.Exchange(i, results[i]);
    }

    /// <summary>One item by itself, when one of the batch cannot be computed.</summary>
    private void ComputeAlone(int row, ItemBuffers given, bool first)
    {
        CompiledFunction alone = Chosen(plans[1], first);
        Buffer[] found = alone.AllocateResults();
        try
        {
            alone.Run(given.Row(row), found);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            Fail(row, error);
            return;
        }
        for (int i = 0; i < found.Length; i++)
            results[i].CopyFrom(found[i], 0, row * found[i].Length, found[i].Length);
    }

    /// <summary>A row that cannot be computed keeps its state.</summary>
    private void Fail(int row, Exception error)
    {
        failures[row] = error.Message;
        for (int i = 0; i < states; i++)
            results[i].CopyFrom(arguments.All[i], row * RowLength(i), row * RowLength(i), RowLength(i));
    }

    private int RowLength(int argument) => arguments.All[argument].Length / arguments.Size;

    private static CompiledFunction Chosen((CompiledFunction Init, CompiledFunction Step) plan, bool first) =>
        first ? plan.Init : plan.Step;
}
