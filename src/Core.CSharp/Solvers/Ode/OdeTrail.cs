using Implicit.Control;

namespace Implicit.Solvers.Ode;

/// <summary>
/// What is kept of the steps of a walk. As long as they fit in a budget, the first steps are kept whole, so that nothing of them is
/// computed again; of the steps behind these, as many states as the problem's adjoint allows.
/// </summary>
internal sealed class OdeTrail(OdeProblem problem, int expected = 0)
{
    /// <summary>What the steps that are kept whole may take at least: little, since each item of a batch has as much.</summary>
    public const long LeastBytes = 1L << 17;

    private readonly List<StepTape> tapes = [];
    private Checkpoints? checkpoints;
    private StatePlaces? states;
    private long free = Budget(problem);
    private StepAllowance? shared;
    private Stepper? taker;

    /// <summary>The steps that are kept whole, from the first on.</summary>
    public IReadOnlyList<StepTape> Tapes => tapes;

    /// <summary>Which states were kept; step 0 is the first that is not kept whole.</summary>
    public Checkpoints Checkpoints => checkpoints ??= new(Slots(problem), expected);

    /// <summary>The kept states by place.</summary>
    public StatePlaces States => states ??= new();

    /// <summary>Whether it is that of a walk of this problem, and not of its tangent's.</summary>
    public bool IsOf(OdeProblem other) => other.Leaves == problem.Leaves;

    /// <summary>Whether any steps are kept whole.</summary>
    public static bool Records(OdeProblem problem) =>
        problem.Kernels.Residuals is { PaysToKeep: true, Bytes: var bytes }
        && (bytes <= Budget(problem) || KeepsAllItCan(problem));

    /// <summary>How many of so many steps behind those that are kept whole may be kept while they are taken again.</summary>
    public int RepeatedTogether(int steps) =>
        (int)Math.Clamp(RepeatedBytes(steps) / problem.Kernels.Residuals.Bytes, 1, steps);

    /// <summary>What such steps may take together: the least budget, or as much as the states that are kept of so many steps.</summary>
    private long RepeatedBytes(int steps) =>
        Math.Max(LeastBytes, StateBytes(problem, Math.Min(Checkpoints.Slots, steps)));

    /// <summary>
    /// What the steps that are kept whole may take of a solve's own: where the adjoint says how many states may be kept, as much again as these.
    /// </summary>
    private static long Budget(OdeProblem problem) =>
        problem.Options.Adjoint is Adjoint.Checkpointed checkpointed
            ? Math.Max(LeastBytes, StateBytes(problem, checkpointed.Segments))
            : LeastBytes;

    /// <summary>How many states the problem's adjoint keeps: of <see cref="Adjoint.Direct"/> all.</summary>
    private static int Slots(OdeProblem problem) =>
        problem.Options.Adjoint is Adjoint.Checkpointed checkpointed ? checkpointed.Segments : int.MaxValue;

    private static bool KeepsAllItCan(OdeProblem problem) => problem.Options.Adjoint is Adjoint.Direct;

    private static long StateBytes(OdeProblem problem, int states) => states * problem.State.Sum(type => type.Bytes);

    /// <summary>Takes up a step that was tried and is about to be accepted.</summary>
    public void Add(int step, Stepper stepper)
    {
        if (stepper.Records && TakeRoom(problem.Kernels.Residuals.Bytes))
        {
            tapes.Add(stepper.Keep());
            taker = stepper;
            return;
        }
        if (stepper.Records)
            stepper.StopRecording();
        if (Checkpoints.Offer(step - tapes.Count) is { } place)
            States.Save(place, stepper.State);
    }

    /// <summary>
    /// Gives the memory of the steps that were kept whole back to the stepper that took them, and that to the next solve; and the kept states.
    /// </summary>
    public void Release()
    {
        taker?.Return(tapes);
        taker = null;
        tapes.Clear();
        states?.Release();
        shared?.Return();
    }

    /// <summary>Whether there is room for a step more, which is then taken.</summary>
    private bool TakeRoom(long bytes)
    {
        if (free >= bytes)
        {
            free -= bytes;
            return true;
        }
        return KeepsAllItCan(problem) && (shared ??= new()).Take(bytes);
    }
}
