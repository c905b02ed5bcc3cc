namespace Implicit.Solvers;

/// <summary>What is known of one item's solve so far beside its standing, and how it ended once it has.</summary>
/// <param name="trace">Receives the residuals of all iterates.</param>
internal struct ItemProgress(List<double>? trace)
{
    /// <summary>So many steps that a descent has long left where it began.</summary>
    private const int Many = 100;

    /// <summary>The most that a residual may be beside that of the start.</summary>
    private const double Divergence = 1e8;

    private const string Unbounded =
        " The objective has fallen all the way while its gradient has not: it seems to have no minimum.";

    private readonly List<double>? trace = trace;
    private Measure first;

    /// <summary>What was minimised, at the best iterate.</summary>
    private double objective;
    private string? reason;
    private SolveStatus status;

    /// <summary>Of a solve that has ended, whether it has succeeded.</summary>
    public readonly bool IsSuccess => status == SolveStatus.Success;

    /// <summary>Judges the next iterate, the start first.</summary>
    /// <returns>Whether the item has ended.</returns>
    public bool HasEnded(ref Standing standing, in Measure measure, in IterationLimits limits)
    {
        int step = ++standing.Step;
        Trace(measure.Residual);
        if (step == 0)
            first = measure;
        bool isBest = measure.IsFinite && (measure.IsSolved || !standing.HasBest || measure.Betters(Best(standing)));
        if (isBest)
        {
            objective = measure.Objective;
            (standing.Residual, standing.Allowed, standing.BestStep) = (measure.Residual, measure.Allowed, step);
        }
        if (!measure.IsFinite)
            return !IsTakenBack(standing, limits) && Ended(SolveStatus.NonFinite);
        if (measure.IsSolved)
            return Ended(SolveStatus.Success);
        if (!limits.IsGuarded && measure.Residual > Divergence * first.Residual)
            return Ended(SolveStatus.Diverged);
        if (step >= limits.MaxSteps)
            return Ended(SolveStatus.MaxStepsReached, IsUnbounded(standing) ? Unbounded : "");
        return step - standing.BestStep >= limits.Patience && Ended(SolveStatus.Stagnated);
    }

    /// <summary>Adds a residual to those that are kept, if they are.</summary>
    public readonly void Trace(double residual) => trace?.Add(residual);

    /// <summary>Ends an item whose next step could not be computed.</summary>
    public void Fail(ref Standing standing, string why)
    {
        standing.Step++;
        Ended(SolveStatus.StepFailed, why);
    }

    /// <summary>The account of an item that has ended.</summary>
    public readonly SolveReport Report(in Standing standing) =>
        new()
        {
            Status = status,
            Steps = standing.Step,
            Residual = standing.Residual,
            Tolerance = standing.Allowed,
            BestStep = standing.BestStep,
            Trace = trace ?? [],
            Reason = reason ?? "",
        };

    /// <summary>Whether the method goes back to an iterate that was finite, and has steps left to do so.</summary>
    public static bool IsTakenBack(in Standing standing, in IterationLimits limits) =>
        limits.IsGuarded
        && standing.Step > standing.BestStep
        && standing.Step < limits.MaxSteps
        && standing.Step - standing.BestStep < limits.Patience;

    /// <summary>The measure of the best iterate. Where nothing is minimised, the objective is 0 throughout.</summary>
    private readonly Measure Best(in Standing standing) => new(standing.Residual, standing.Allowed, objective);

    /// <summary>Whether what is minimised still falls after many steps, as steeply as at the start.</summary>
    private readonly bool IsUnbounded(in Standing standing) =>
        standing.IsBest
        && standing.Step >= Many
        && objective < first.Objective - first.Noise
        && standing.Residual >= first.Residual;

    private bool Ended(SolveStatus how, string why = "")
    {
        (status, reason) = (how, why);
        return true;
    }
}
