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
    public static ItemProgress[] Run(
        IIterative problem,
        ItemAxis? items,
        ReadOnlySpan<Buffer> inputs,
        Buffer best,
        bool keepsTrace
    )
    {
        var progress = new ItemProgress[items?.Size ?? 1];
        for (int item = 0; item < progress.Length; item++)
            progress[item] = new ItemProgress(keepsTrace);
        best.CopyFrom(inputs[0], 0, 0, best.Length);
        IterationLimits limits = problem.Limits;
        using IItemRows rows = problem.Rows(items, inputs);
        for (rows.Init(); ; rows.Step())
        {
            // From the last, since an item that ends hands its place to the last one.
            for (int row = rows.Count - 1; row >= 0; row--)
                if (HasEnded(rows, row, ref progress[rows.Item(row)], limits, best))
                    rows.Remove(row);
            if (rows.Count == 0)
                return progress;
            rows.Settle();
        }
    }

    /// <summary>Whether a row's item ends with its new iterate.</summary>
    private static bool HasEnded(
        IItemRows rows,
        int row,
        ref ItemProgress progress,
        in IterationLimits limits,
        Buffer best
    )
    {
        if (rows.Failure(row) is { } reason)
        {
            if (progress.IsBest)
                rows.Finish(row, best);
            progress.Fail(reason);
            return true;
        }
        if (rows.Done(row) is not { } measure)
            return false;
        bool wasBest = progress.IsBest;
        bool hasEnded = progress.HasEnded(measure, limits);
        // Most iterates are better than all before, and nobody asks for them once the next is there.
        if (!progress.IsBest && wasBest)
            rows.FinishBefore(row, best);
        else if (progress.IsBest && hasEnded)
            rows.Finish(row, best);
        return hasEnded;
    }
}
