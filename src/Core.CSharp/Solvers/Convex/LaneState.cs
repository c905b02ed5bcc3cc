namespace Implicit.Solvers.Convex;

/// <summary>A try to finish an item without more steps: its active set is guessed and solved for (<see cref="Polish{V, D}"/>).</summary>
internal enum Trial
{
    None,

    /// <summary>Near a solution the active set can be read off the point.</summary>
    Polishing,

    /// <summary>Farther away it is searched for.</summary>
    Searching,

    /// <summary>Before the first step, block pivoting has found it. There is no point yet to go on from.</summary>
    Pivoting,
}

/// <summary>
/// The item in a lane and what became of it so far. It runs, taking steps, until it has ended or goes on trial; from a trial that fails it goes on
/// where it stood. Then its lane is free.
/// </summary>
internal sealed class LaneState(QpOptions options, int stepsToSearch)
{
    /// <summary>A certificate counts when its residual beside its value is below this.</summary>
    public const double ProofTolerance = 1e-8;

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

    private double proof;
    private QpStatus? proven;
    private int stalls;
    private double residual;
    private double expected;
    private bool isStuck;
    private bool hasPolished;
    private bool hasSearched;

    /// <summary>−1 if the lane is free.</summary>
    public int Item { get; private set; } = -1;

    public int Iterations { get; private set; }

    /// <summary>How the item ended; null before that.</summary>
    public QpStatus? Status { get; private set; }

    public Trial Trial { get; private set; }

    public bool IsFree => Item < 0;

    /// <summary>Whether the item takes steps.</summary>
    public bool IsRunning => !IsFree && Status is null && Trial == Trial.None;

    /// <summary>Whether it takes none, for it has ended or is on trial.</summary>
    public bool IsWaiting => !IsFree && !IsRunning;

    public bool IsOnTrial => Trial != Trial.None;

    /// <summary>Whether there is a point near a solution, which can be polished and differentiated.</summary>
    public bool HasPoint => IsOnTrial || Status is QpStatus.Solved or QpStatus.AlmostSolved;

    /// <summary>Whether what was found is the solution to rounding, so that there is nothing to polish.</summary>
    public bool IsExact { get; private set; }

    public Assessment Best { get; private set; }

    /// <summary>Whether the last steps gained nothing, so that the next should be a careful one.</summary>
    public bool IsStalling => stalls >= 4;

    /// <summary>
    /// Whether directions must be refined: a step left more of the residuals than it would have with an exact direction.
    /// </summary>
    public bool NeedsRefinement { get; private set; }

    public void Begin(int item)
    {
        (Item, Iterations, Status, Trial, IsExact) = (item, 0, null, Trial.None, false);
        (stalls, isStuck, hasPolished, hasSearched) = (0, false, false, false);
        (NeedsRefinement, expected) = (false, double.PositiveInfinity);
        Best = new Assessment(0, 0, 0, 0, 0, double.PositiveInfinity, 0, 0);
        (proof, proven) = (double.PositiveInfinity, null);
    }

    public void Release() => (Item, Status) = (-1, null);

    /// <summary>Puts the item on trial. An active set is searched for once.</summary>
    public void Try(Trial trial)
    {
        Trial = trial;
        hasPolished |= trial == Trial.Polishing;
        hasSearched |= trial != Trial.Polishing;
    }

    /// <summary>Ends the item with an exact solution, which was found on trial.</summary>
    public void Accept(Assessment found) => (Best, Status, Trial, IsExact) = (found, QpStatus.Solved, Trial.None, true);

    /// <summary>Goes on after a trial that failed.</summary>
    public void Resume() => (Trial, expected) = (Trial.None, double.PositiveInfinity);

    /// <summary>Notes a step that was taken, and the part of the residuals that it should leave.</summary>
    public void Step(double length, double remaining, bool hasFailed)
    {
        Iterations++;
        expected = remaining * residual;
        isStuck = hasFailed || !(length > LeastStep);
    }

    /// <summary>
    /// Judges the current point: whether it is the best so far, or the best certificate. May end the item or put it on trial.
    /// </summary>
    public (bool IsBetter, bool IsProof) Take(Assessment now)
    {
        // What is nearly a certificate gives way only to what is nearly a solution.
        bool isBetter = now.Merit < Best.Merit && (proven is null || now.Merit <= NearlySolved);
        double nearer = Math.Min(now.PrimalProof, now.DualProof);
        bool isProof = nearer <= AlmostProofTolerance && nearer < proof;
        bool improves = now.Merit < LeastImprovement * Best.Merit || nearer < LeastImprovement * proof;
        NeedsRefinement |= now.Residual > InexactBy * expected;
        residual = now.Residual;
        proof = Math.Min(proof, nearer);
        stalls = improves ? 0 : stalls + 1;
        if (isBetter)
            (Best, proven) = (now, null);
        if (isProof)
            proven = now.PrimalProof <= now.DualProof ? QpStatus.PrimalInfeasible : QpStatus.DualInfeasible;
        Status = Verdict(isStuck || stalls > MostStalls || double.IsNaN(now.Merit));
        if (Status is null && isBetter)
            TryToFinish();
        return (isBetter, isProof);
    }

    /// <summary>How the item ends with the best point or certificate; null if it goes on.</summary>
    private QpStatus? Verdict(bool isHopeless)
    {
        bool isLast = isHopeless || Iterations >= options.MaxSteps;
        if (Best.Merit <= 1.0)
            return QpStatus.Solved;
        if (proven is not null && (proof <= ProofTolerance || isLast))
            return proven;
        if (!isLast)
            return null;
        if (IsAlmost(Best))
            return QpStatus.AlmostSolved;
        return isHopeless ? QpStatus.NumericalError : QpStatus.MaxIterations;
    }

    private void TryToFinish()
    {
        if (Best.Merit <= WorthPolishing && !hasPolished)
            Try(Trial.Polishing);
        else if (Iterations >= stepsToSearch && !hasSearched)
            Try(Trial.Searching);
    }

    /// <summary>Whether to take a polished point; it may solve what was almost solved.</summary>
    public bool Polish(Assessment polished)
    {
        bool isSolution = polished.Merit <= 1.0;
        if (!isSolution && (IsOnTrial || !(polished.Merit <= Best.Merit)))
            return false;
        Best = polished;
        if (isSolution)
            (Status, Trial) = (QpStatus.Solved, Trial.None);
        return true;
    }

    private static bool IsAlmost(Assessment point) =>
        Math.Max(point.Primal, point.Dual) <= AlmostTolerance
        && point.Gap <= AlmostTolerance * Math.Max(1.0, Math.Abs(point.Objective))
        && double.IsFinite(point.Merit);
}
