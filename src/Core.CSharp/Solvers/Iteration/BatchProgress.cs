namespace Implicit.Solvers;

/// <summary>What is known of the solves of all items so far, and how those ended that have.</summary>
internal sealed class BatchProgress
{
    private readonly IterationLimits limits;
    private readonly bool keepsTrace;
    private readonly Standing[] standings;
    private readonly ItemProgress[] items;

    /// <param name="size">The number of items.</param>
    /// <param name="limits">When an item is given up.</param>
    /// <param name="keepsTrace">Whether the residuals of all iterates are kept.</param>
    public BatchProgress(int size, in IterationLimits limits, bool keepsTrace)
    {
        this.limits = limits;
        this.keepsTrace = keepsTrace;
        standings = new Standing[size];
        items = new ItemProgress[size];
        Array.Fill(standings, new Standing());
        if (keepsTrace)
            for (int item = 0; item < size; item++)
                items[item] = new ItemProgress([]);
    }

    /// <summary>Of a solve that has ended, whether all items have succeeded.</summary>
    public bool AreSolved => Array.TrueForAll(items, item => item.IsSuccess);

    /// <summary>The steps at which the iterates to keep were met.</summary>
    public long[] BestSteps => Array.ConvertAll(standings, standing => (long)standing.BestStep);

    /// <summary>The accounts of items that have ended.</summary>
    public SolveReport[] Reports => [.. items.Select((item, i) => item.Report(standings[i]))];

    /// <summary>Whether the iterate that was judged last is the one to keep.</summary>
    public bool IsBest(int item) => standings[item].IsBest;

    /// <summary>Whether there is an iterate to keep.</summary>
    public bool HasBest(int item) => standings[item].HasBest;

    /// <summary>Whether an item that has ended is solved.</summary>
    public bool IsSuccess(int item) => items[item].IsSuccess;

    /// <summary>
    /// Enters the next iterates, of a method that minimises nothing, that are what most are: better than all before, no solutions yet, and not the last.
    /// </summary>
    /// <param name="running">The items.</param>
    /// <param name="places">Where their measures are.</param>
    /// <param name="measures">A residual and what is allowed for it at every place; of an iterate that could not be computed the residual is NaN.</param>
    /// <param name="others">Receives the numbers of the other items in the list of them: each is still to be judged.</param>
    /// <returns>How many are.</returns>
    public int Improve(
        ReadOnlySpan<int> running,
        ReadOnlySpan<int> places,
        ReadOnlySpan<double> measures,
        Span<int> others
    )
    {
        Span<Standing> all = standings;
        int last = limits.MaxSteps - 1;
        int count = 0;
        for (int row = 0; row < running.Length; row++)
        {
            (double residual, double allowed) = (measures[2 * places[row]], measures[(2 * places[row]) + 1]);
            ref Standing standing = ref all[running[row]];
            // Of numbers that are NaN none is true. What is less than before has not diverged.
            if (!(residual < standing.Residual && residual > allowed && standing.Step < last))
            {
                others[count++] = row;
                continue;
            }
            standing.BestStep = ++standing.Step;
            (standing.Residual, standing.Allowed) = (residual, allowed);
            if (keepsTrace)
                items[running[row]].Trace(residual);
        }
        return count;
    }

    /// <summary>Judges the next iterate of an item, the start first.</summary>
    /// <returns>Whether the item has ended.</returns>
    public bool HasEnded(int item, in Measure measure) => items[item].HasEnded(ref standings[item], measure, limits);

    /// <summary>Whether the method takes back the next iterate of an item if its residual is not finite.</summary>
    public bool IsTakenBack(int item) =>
        ItemProgress.IsTakenBack(standings[item] with { Step = standings[item].Step + 1 }, limits);

    /// <summary>Ends an item whose next step could not be computed.</summary>
    public void Fail(int item, string why) => items[item].Fail(ref standings[item], why);
}

/// <summary>
/// How far an item has come, and its best iterate: what every step changes. Items have it apart from all else that is known of them, in memory that stays in
/// the nearest cache.
/// </summary>
internal struct Standing()
{
    /// <summary>The least residual so far, or the one at the least objective; NaN as long as there is none.</summary>
    public double Residual = double.NaN;

    /// <summary>What was allowed for it.</summary>
    public double Allowed = double.NaN;

    /// <summary>The step that was judged last; 0 is the start.</summary>
    public int Step = -1;

    /// <summary>The step at which the best iterate was met.</summary>
    public int BestStep;

    public readonly bool IsBest => BestStep == Step;

    public readonly bool HasBest => !double.IsNaN(Residual);
}
