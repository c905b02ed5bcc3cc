namespace Implicit.Solvers.Convex;

/// <summary>The item in a lane and what became of it so far.</summary>
internal sealed class LaneState(QpOptions options, int stepsToSearch)
{
    /// <summary>A certificate counts when its residual beside its value is below this.</summary>
    private const double ProofTolerance = 1e-8;

    /// <summary>And below this when the solver can do no better.</summary>
    private const double AlmostProofTolerance = 1e-7;

    /// <summary>A merit from here on is that of a point near a solution.</summary>
    private const double NearlySolved = 1e3;

    /// <summary>From this merit on, the constraints that are active at the solution are likely known.</summary>
    private const double WorthPolishing = 1e3;

    /// <summary>What an item that stops early may miss its tolerances by, in the units of the data, to be almost solved.</summary>
    private const double AlmostTolerance = 1e-4;

    /// <summary>So many steps without a better point or proof end the item.</summary>
    private const int MostStalls = 20;
    private const double LeastImprovement = 0.9;
    private const double LeastStep = 1e-8;

    /// <summary>A direction was inexact if residuals are larger than expected by this factor.</summary>
    private const double InexactBy = 2.0;

    private Assessment best;
    private double proof;
    private QpStatus? proven;
    private int stalls;
    private double residual;
    private double expected;
    private bool isStuck;
    private bool hasTried;
    private bool hasSearched;

    /// <summary>−1 if the lane is free.</summary>
    public int Item { get; private set; } = -1;

    public int Iterations { get; private set; }

    /// <summary>How the item ended; null while it runs.</summary>
    public QpStatus? Status { get; private set; }

    public bool IsFree => Item < 0;

    public bool IsRunning => Item >= 0 && Status is null;

    public bool HasEnded => Item >= 0 && Status is not null;

    /// <summary>Whether there is a point near a solution, which can be polished and differentiated.</summary>
    public bool HasPoint => Status is QpStatus.Solved or QpStatus.AlmostSolved;

    public Assessment Best => best;

    /// <summary>Whether the last steps gained nothing, so that the next should be a careful one.</summary>
    public bool IsStalling => stalls >= 4;

    public void Begin(int item)
    {
        (Item, Iterations, Status, stalls, isStuck) = (item, 0, null, 0, false);
        (IsOnTrial, IsSearching, hasTried, hasSearched, HasStarted, IsExact) = (
            false,
            false,
            false,
            false,
            true,
            false
        );
        (NeedsRefinement, expected) = (false, double.PositiveInfinity);
        best = new Assessment(0, 0, 0, 0, 0, double.PositiveInfinity, 0, 0);
        (proof, proven) = (double.PositiveInfinity, null);
    }

    public void Release() => (Item, Status) = (-1, null);

    /// <summary>Whether there is a point to go on from.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Ends the item on trial: its active set was found before the first step, and is not searched for again.</summary>
    public void Pivot() => (Status, IsOnTrial, HasStarted, hasSearched) = (QpStatus.AlmostSolved, true, false, true);

    /// <summary>Whether what was found is the solution to rounding, so that there is nothing to polish.</summary>
    public bool IsExact { get; private set; }

    /// <summary>Ends the item with what was found.</summary>
    public void Accept(Assessment found) => (best, Status, IsOnTrial, IsExact) = (found, QpStatus.Solved, false, true);

    /// <summary>Whether the item ended only to see whether its polished point is a solution already.</summary>
    public bool IsOnTrial { get; private set; }

    /// <summary>Whether that trial searches for the active set from a point that is still far.</summary>
    public bool IsSearching { get; private set; }

    /// <summary>Goes on where the item was when its trial began.</summary>
    public void Resume()
    {
        (Status, IsOnTrial, IsSearching, HasStarted) = (null, false, false, true);
        expected = double.PositiveInfinity;
    }

    /// <summary>
    /// Whether directions must be refined: a step left more of the residuals than it would have with an exact direction.
    /// </summary>
    public bool NeedsRefinement { get; private set; }

    /// <summary>Notes a step that was taken, and the part of the residuals that it should leave.</summary>
    public void Step(double length, double left, bool hasFailed)
    {
        Iterations++;
        expected = left * residual;
        isStuck = hasFailed || !(length > LeastStep);
    }

    /// <summary>Judges the current point: whether it is the best so far, or the best certificate. May end the item.</summary>
    public (bool IsBetter, bool IsProof) Take(Assessment now)
    {
        // What is nearly a certificate gives way only to what is nearly a solution.
        bool isBetter = now.Merit < best.Merit && (proven is null || now.Merit <= NearlySolved);
        double nearer = Math.Min(now.PrimalProof, now.DualProof);
        bool isProof = nearer <= AlmostProofTolerance && nearer < proof;
        bool improves = now.Merit < LeastImprovement * best.Merit || nearer < LeastImprovement * proof;
        NeedsRefinement |= now.Residual > InexactBy * expected;
        residual = now.Residual;
        proof = Math.Min(proof, nearer);
        stalls = improves ? 0 : stalls + 1;
        if (isBetter)
            (best, proven) = (now, null);
        if (isProof)
            proven = now.PrimalProof <= now.DualProof ? QpStatus.PrimalInfeasible : QpStatus.DualInfeasible;
        bool isLast = isStuck || stalls > MostStalls || double.IsNaN(now.Merit);
        if (best.Merit <= 1.0)
            Status = QpStatus.Solved;
        else if (proven is not null && (proof <= ProofTolerance || isLast))
            Status = proven;
        else if (isLast)
            Status = IsAlmost(best) ? QpStatus.AlmostSolved : QpStatus.NumericalError;
        else if (Iterations >= options.MaxSteps)
            Status = IsAlmost(best) ? QpStatus.AlmostSolved : QpStatus.MaxIterations;
        else if (isBetter && now.Merit <= WorthPolishing && !hasTried)
            (Status, IsOnTrial, hasTried) = (QpStatus.AlmostSolved, true, true);
        else if (isBetter && Iterations >= stepsToSearch && !hasSearched)
            (Status, IsOnTrial, IsSearching, hasSearched) = (QpStatus.AlmostSolved, true, true, true);
        return (isBetter, isProof);
    }

    /// <summary>Whether to take a polished point; it may solve what was almost solved.</summary>
    public bool Polish(Assessment polished)
    {
        if (!(polished.Merit <= Math.Max(1.0, best.Merit)))
            return false;
        if (!IsOnTrial || polished.Merit <= 1.0)
            best = polished;
        if (polished.Merit <= 1.0)
            (Status, IsOnTrial) = (QpStatus.Solved, false);
        return !IsOnTrial;
    }

    private static bool IsAlmost(Assessment point) =>
        Math.Max(point.Primal, point.Dual) <= AlmostTolerance
        && point.Gap <= AlmostTolerance * Math.Max(1.0, Math.Abs(point.Objective))
        && double.IsFinite(point.Merit);
}
