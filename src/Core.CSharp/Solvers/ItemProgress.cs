namespace Implicit.Solvers;

/// <summary>What is known of one item's solve so far, and whether it goes on.</summary>
internal struct ItemProgress(IterationLimits limits, bool keepsTrace)
{
    /// <summary>So many steps that a descent has long left where it began.</summary>
    private const int Many = 100;

    private const string Unbounded =
        " The objective has fallen all the way while its gradient has not: it seems to have no minimum.";

    private readonly List<double>? trace = keepsTrace ? [] : null;
    private Measure first = new(double.NaN, double.NaN);
    private Measure best = new(double.NaN, double.NaN);
    private int bestStep;
    private int step = -1;

    /// <summary>Whether the iterate that was judged last is the one to keep.</summary>
    public bool IsBest { readonly get; private set; }

    /// <summary>Judges the next iterate, the start first; null if the item goes on.</summary>
    public SolveReport? Judge(Measure measure)
    {
        step++;
        trace?.Add(measure.Residual);
        if (step == 0)
            first = measure;
        IsBest = measure.IsFinite && (measure.IsSolved || double.IsNaN(best.Residual) || measure.Betters(best));
        if (IsBest)
            (best, bestStep) = (measure, step);
        if (!measure.IsFinite)
            return IsTakenBack ? null : Report(SolveStatus.NonFinite);
        if (measure.IsSolved)
            return Report(SolveStatus.Success);
        if (!limits.IsGuarded && measure.Residual > limits.Divergence * first.Residual)
            return Report(SolveStatus.Diverged);
        if (step >= limits.MaxSteps)
            return Report(SolveStatus.MaxStepsReached) with { Reason = IsUnbounded ? Unbounded : "" };
        return step - bestStep >= limits.Patience ? Report(SolveStatus.Stagnated) : null;
    }

    /// <summary>The account of an item whose next step could not be computed.</summary>
    public SolveReport Failed(string reason)
    {
        step++;
        return Report(SolveStatus.StepFailed) with { Reason = reason };
    }

    /// <summary>Whether the method goes back to an iterate that was finite, and has steps left to do so.</summary>
    private readonly bool IsTakenBack =>
        limits.IsGuarded && step > bestStep && step < limits.MaxSteps && step - bestStep < limits.Patience;

    /// <summary>Whether what is minimised still falls after many steps, as steeply as at the start.</summary>
    private readonly bool IsUnbounded =>
        bestStep == step
        && step >= Many
        && best.Objective < first.Objective - first.Noise
        && best.Residual >= first.Residual;

    private readonly SolveReport Report(SolveStatus status) =>
        new()
        {
            Status = status,
            Steps = step,
            Residual = best.Residual,
            Tolerance = best.Allowed,
            BestStep = bestStep,
            Trace = trace ?? [],
        };
}
