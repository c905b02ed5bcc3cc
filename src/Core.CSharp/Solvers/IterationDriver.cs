using Implicit.Control;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// The one loop of all iterative methods. It takes steps until every item has converged or failed, and keeps the best iterate of each.
/// An item that has ended leaves the batch: those that go on do so as if alone.
/// </summary>
internal static class IterationDriver
{
    /// <summary>Solves a problem, or a batch of them.</summary>
    /// <param name="problem">The problem, and the method.</param>
    /// <param name="items">The batch, if it is one.</param>
    /// <param name="inputs">The start, and captures.</param>
    /// <param name="best">Receives the best iterate of each item.</param>
    /// <param name="keepsTrace">Whether the residuals of all iterates are kept.</param>
    /// <returns>How each item ended.</returns>
    public static SolveReport[] Run(
        IIterative problem,
        ItemAxis? items,
        ReadOnlySpan<Buffer> inputs,
        Buffer best,
        bool keepsTrace
    )
    {
        int count = items?.Size ?? 1;
        var reports = new SolveReport[count];
        var progress = new ItemProgress[count];
        for (int item = 0; item < count; item++)
            progress[item] = new ItemProgress(problem.Limits, keepsTrace);
        best.CopyFrom(inputs[0], 0, 0, best.Length);
        using IItemRows rows = problem.Rows(items, inputs);
        for (rows.Init(); ; rows.Step())
        {
            // From the last, since an item that ends hands its place to the last one.
            for (int row = rows.Count - 1; row >= 0; row--)
                if (Judge(rows, row, ref progress[rows.Item(row)], best) is { } report)
                {
                    reports[rows.Item(row)] = report;
                    rows.Remove(row);
                }
            if (rows.Count == 0)
                return reports;
            rows.Settle();
        }
    }

    /// <summary>How a row's item ended; null if it goes on.</summary>
    private static SolveReport? Judge(IItemRows rows, int row, ref ItemProgress progress, Buffer best)
    {
        if (rows.Failure(row) is { } reason)
        {
            if (progress.IsBest)
                rows.Finish(row, best);
            return progress.Failed(reason);
        }
        if (rows.Done(row) is not { } measure)
            return null;
        bool wasBest = progress.IsBest;
        SolveReport? report = progress.Judge(measure);
        // Most iterates are better than all before, and nobody asks for them once the next is there.
        if (!progress.IsBest && wasBest)
            rows.FinishBefore(row, best);
        else if (progress.IsBest && report is not null)
            rows.Finish(row, best);
        return report;
    }
}
