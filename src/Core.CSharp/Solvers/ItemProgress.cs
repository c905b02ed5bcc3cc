namespace Implicit.Solvers;

/// <summary>What is known of one item's solve so far, and how it ended once it has.</summary>
internal struct ItemProgress(bool keepsTrace)
{
    /// <summary>So many steps that a descent has long left where it began.</summary>
    private const int Many = 100;

    private const string Unbounded =
        " The objective has fallen all the way while its gradient has not: it seems to have no minimum.";

    private readonly List<double>? trace = keepsTrace ? [] : null;
    private Measure first = new(double.NaN, double.NaN);
    private Measure best = new(double.NaN, double.NaN);
    private int step = -1;
    private string reason = "";
    private SolveStatus status;

    /// <summary>Whether the iterate that was judged last is the one to keep.</summary>
    public bool IsBest { readonly get; private set; }

    /// <summary>The step at which the iterate to keep was met.</summary>
    public int BestStep { readonly get; private set; }

    /// <summary>Of a solve that has ended, whether it has succeeded.</summary>
    public readonly bool IsSuccess => status == SolveStatus.Success;

    /// <summary>Judges the next iterate, the start first.</summary>
    /// <returns>Whether the item has ended.</returns>
    public bool HasEnded(in Measure measure, in IterationLimits limits)
    {
        step++;
        trace?.Add(measure.Residual);
        if (step == 0)
            first = measure;
        IsBest = measure.IsFinite && (measure.IsSolved || double.IsNaN(best.Residual) || measure.Betters(best));
        if (IsBest)
            (best, BestStep) = (measure, step);
        if (!measure.IsFinite)
            return !IsTakenBack(limits) && Ended(SolveStatus.NonFinite);
        if (measure.IsSolved)
            return Ended(SolveStatus.Success);
        if (!limits.IsGuarded && measure.Residual > limits.Divergence * first.Residual)
            return Ended(SolveStatus.Diverged);
        if (step >= limits.MaxSteps)
            return Ended(SolveStatus.MaxStepsReached, IsUnbounded ? Unbounded : "");
        return step - BestStep >= limits.Patience && Ended(SolveStatus.Stagnated);
    }

    /// <summary>Ends an item whose next step could not be computed.</summary>
    public void Fail(string why)
    {
        step++;
        Ended(SolveStatus.StepFailed, why);
    }

    /// <summary>The account of an item that has ended.</summary>
    public readonly SolveReport Report() =>
        new()
        {
            Status = status,
            Steps = step,
            Residual = best.Residual,
            Tolerance = best.Allowed,
            BestStep = BestStep,
            Trace = trace ?? [],
            Reason = reason,
        };

    /// <summary>Whether the method goes back to an iterate that was finite, and has steps left to do so.</summary>
    private readonly bool IsTakenBack(in IterationLimits limits) =>
        limits.IsGuarded && step > BestStep && step < limits.MaxSteps && step - BestStep < limits.Patience;

    /// <summary>Whether what is minimised still falls after many steps, as steeply as at the start.</summary>
    private readonly bool IsUnbounded =>
        BestStep == step
        && step >= Many
        && best.Objective < first.Objective - first.Noise
        && best.Residual >= first.Residual;

    private bool Ended(SolveStatus how, string why = "")
    {
        (status, reason) = (how, why);
        return true;
    }
}
