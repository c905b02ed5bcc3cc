namespace Implicit.Solvers;

/// <summary>What is known of one item's solve so far, and whether it goes on.</summary>
internal sealed class ItemProgress(IterationLimits limits, bool keepsTrace)
{
    private readonly List<double>? trace = keepsTrace ? [] : null;
    private double first = double.NaN;
    private double residual = double.NaN;
    private double tolerance = double.NaN;
    private int bestStep;

    /// <summary>Whether the iterate that was judged last is the one to keep.</summary>
    public bool IsBest { get; private set; }

    /// <summary>Judges an iterate; null if the item goes on.</summary>
    public SolveReport? Judge(int step, double residual, double allowed)
    {
        trace?.Add(residual);
        if (step == 0)
            first = residual;
        bool converged = residual <= allowed;
        IsBest = converged || !(residual >= this.residual);
        IsBest &= double.IsFinite(residual);
        if (IsBest)
            (this.residual, tolerance, bestStep) = (residual, allowed, step);
        if (!double.IsFinite(residual))
            return IsTakenBack(step) ? null : Report(SolveStatus.NonFinite, step);
        if (converged)
            return Report(SolveStatus.Success, step);
        if (!limits.IsGuarded && residual > limits.Divergence * first)
            return Report(SolveStatus.Diverged, step);
        if (step >= limits.MaxSteps)
            return Report(SolveStatus.MaxStepsReached, step);
        return step - bestStep >= limits.Patience ? Report(SolveStatus.Stagnated, step) : null;
    }

    /// <summary>Whether the method goes back to an iterate that was finite, and has steps left to do so.</summary>
    private bool IsTakenBack(int step) =>
        limits.IsGuarded && step > bestStep && step < limits.MaxSteps && step - bestStep < limits.Patience;

    /// <summary>The account of an item whose step could not be computed.</summary>
    public SolveReport Failed(int step, string reason)
    {
        IsBest = false;
        return Report(SolveStatus.StepFailed, step) with { Reason = reason };
    }

    private SolveReport Report(SolveStatus status, int step) =>
        new()
        {
            Status = status,
            Steps = step,
            Residual = residual,
            Tolerance = tolerance,
            BestStep = bestStep,
            Trace = trace ?? [],
        };
}
