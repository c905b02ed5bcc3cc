using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// The memory of the items that still run, one row each in front of buffers with an axis of items, and the calls on it. Steps allocate
/// nothing.
/// </summary>
internal sealed class ItemRows : IItemRows
{
    private readonly IterationPlans plans;
    private readonly TensorType[] types;
    private readonly int states;
    private readonly bool[] inRows;
    private readonly int[] items;
    private readonly string?[] failures;
    private readonly Buffer[] init;
    private (CompiledFunction Init, CompiledFunction Step) plan;
    private Buffer[] arguments;
    private Buffer[] results;
    private int size;

    public ItemRows(Iteration iteration, ItemAxis? batch, ReadOnlySpan<Buffer> inputs)
    {
        plans = IterationPlans.For(iteration, batch);
        types = iteration.Step.ArgumentTypes;
        states = iteration.States;
        size = Count = batch?.Size ?? 1;
        items = [.. Enumerable.Range(0, size)];
        failures = new string?[size];
        inRows = new bool[types.Length];
        Array.Fill(inRows, true, 0, states);
        batch?.Batched.Span.CopyTo(inRows.AsSpan(states));
        init = inputs.ToArray();
        arguments = new Buffer[types.Length];
        for (int i = 0; i < types.Length; i++)
            arguments[i] =
                i < states ? Allocate(i, size)
                : inRows[i] ? Elements.Copy(inputs[i - states + 1])
                : inputs[i - states + 1];
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
        int length = types[0].Shape.Length;
        target.CopyFrom(arguments[0], row * length, items[row] * length, length);
    }

    /// <summary>A row of one tensor of the state, in double.</summary>
    public double[] Read(int state, int row)
    {
        int length = types[state].Shape.Length;
        return Elements.ToDoubles(arguments[state], row * length, length);
    }

    /// <summary>Makes another point a row's iterate: the next step goes on from there.</summary>
    public void Write(int row, double[] point) => Elements.Write(arguments[0], row * point.Length, point);

    public void Init() => Compute(init, first: true);

    public void Step() => Compute(arguments, first: false);

    public void Remove(int row)
    {
        Count--;
        items[row] = items[Count];
        failures[row] = failures[Count];
        CopyRow(Count, row);
        failures[Count] = null;
    }

    /// <summary>
    /// Brings the memory down to those items that run, once half of it is idle; idle rows are copies of one that runs, so that nothing which
    /// has failed is computed on.
    /// </summary>
    public void Settle()
    {
        int smaller = size;
        while (Count <= smaller / 2)
            smaller /= 2;
        if (smaller < size)
        {
            for (int i = 0; i < types.Length; i++)
                if (inRows[i])
                {
                    Buffer shrunk = Allocate(i, smaller);
                    shrunk.CopyFrom(arguments[i], 0, 0, shrunk.Length);
                    arguments[i] = shrunk;
                }
            size = smaller;
            plan = plans[size];
            results = plan.Step.AllocateResults();
        }
        for (int row = Count; row < size; row++)
            CopyRow(0, row);
    }

    private void Compute(Buffer[] given, bool first)
    {
        Array.Clear(failures);
        try
        {
            Run(plan, given, results, first);
        }
        catch (Exception error) when (IsNumerical(error))
        {
            if (size == 1)
                Fail(0, error);
            else
                for (int row = 0; row < Count; row++)
                    ComputeAlone(row, given, first);
        }
        for (int i = 0; i < states; i++)
            (arguments[i], results[i]) = (results[i], arguments[i]);
    }

    /// <summary>One item by itself, when one of the batch cannot be computed.</summary>
    private void ComputeAlone(int row, Buffer[] given, bool first)
    {
        int own = first ? 1 : states;
        var one = new Buffer[given.Length];
        for (int i = 0; i < one.Length; i++)
        {
            one[i] = given[i];
            int type = i < own ? i : i - own + states;
            if (!inRows[type])
                continue;
            one[i] = Allocate(type, 1);
            one[i].CopyFrom(given[i], row * one[i].Length, 0, one[i].Length);
        }
        (CompiledFunction, CompiledFunction Step) alone = plans[1];
        Buffer[] found = alone.Step.AllocateResults();
        try
        {
            Run(alone, one, found, first);
        }
        catch (Exception error) when (IsNumerical(error))
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
        {
            int length = types[i].Shape.Length;
            results[i].CopyFrom(arguments[i], row * length, row * length, length);
        }
    }

    private void CopyRow(int from, int to)
    {
        if (from == to)
            return;
        for (int i = 0; i < types.Length; i++)
            if (inRows[i])
            {
                int length = types[i].Shape.Length;
                arguments[i].CopyFrom(arguments[i], from * length, to * length, length);
            }
    }

    private Buffer Allocate(int argument, int rows) =>
        Hosting.Allocate(types[argument] with { Shape = types[argument].Shape.Prepend(rows) })!;

    private static void Run(
        (CompiledFunction Init, CompiledFunction Step) plan,
        Buffer[] given,
        Buffer[] results,
        bool first
    ) => (first ? plan.Init : plan.Step).Run(given, results);

    /// <summary>Whether an error is one of numbers (a singular matrix, a solve inside that failed), which concerns its item alone.</summary>
    public static bool IsNumerical(Exception error) => error is TensorException or SolveException;
}
