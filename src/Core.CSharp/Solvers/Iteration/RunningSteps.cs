using Implicit.Control;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>The steps of a solve, and the memory that they write: what one step leaves free takes the results of another.</summary>
internal sealed class RunningSteps : IDisposable
{
    private readonly IterationPlans plans;

    /// <summary>By plans.</summary>
    private readonly LoopFunction.Calls?[] calls;
    private readonly Buffer[][] results;
    private readonly Buffer[] room;

    /// <summary>How many steps were begun, and which plan is that of the last.</summary>
    private int begun;
    private int kind;

    public RunningSteps(IterationPlans plans, ItemBuffers arguments)
    {
        this.plans = plans;
        calls = new LoopFunction.Calls?[plans.Steps.Length];
        results = Array.ConvertAll(plans.Steps, step => new Buffer[step.Places.Count]);
        room = new Buffer[plans.Room.Length];
        Allocate(arguments);
    }

    /// <summary>The plans of the step that was begun last.</summary>
    public StepPlans Plans => plans.Steps[kind];

    /// <summary>Where every step writes the measures.</summary>
    public Buffer Measures => room[0];

    /// <summary>Takes the next step.</summary>
    /// <returns>The memory that its results are to be written to.</returns>
    public Buffer[] Begin()
    {
        kind = plans.KindOf(begun++);
        Buffer[] found = results[kind];
        for (int i = 0; i < found.Length; i++)
            found[i] = room[Plans.Places[i]];
        return found;
    }

    /// <summary>Computes the step that was begun.</summary>
    public void Run(ItemBuffers arguments) => calls[kind]!.Run(arguments.All, results[kind]);

    /// <summary>Makes the new states the arguments of the next step.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="before">Receives the states before.</param>
    public void End(ItemBuffers arguments, Buffer[] before)
    {
        Buffer[] found = results[kind];
        Plans.Flow.Turn(arguments, found, before);
        for (int i = 0; i < found.Length; i++)
            room[Plans.Places[i]] = found[i];
    }

    /// <summary>Goes on with fewer items.</summary>
    public void Shrink(ItemBuffers arguments)
    {
        Buffer.Release(room);
        Allocate(arguments);
    }

    public void Dispose()
    {
        // What the first has laid out others may read.
        for (int i = calls.Length - 1; i >= 0; i--)
            calls[i]!.Dispose();
        Buffer.Release(room);
    }

    private void Allocate(ItemBuffers arguments)
    {
        for (int i = 0; i < room.Length; i++)
            room[i] = IterationPlans.Allocate(plans.Room[i], arguments.Size);
        for (int i = 0; i < calls.Length; i++)
            calls[i] = plans.Steps[i].Sized(arguments.Size).Begin(arguments.All, calls[i], i > 0 ? calls[0] : null);
    }
}
