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
    public static BatchProgress Run(
        IIterative problem,
        ItemAxis? items,
        ReadOnlySpan<Buffer> inputs,
        Buffer best,
        bool keepsTrace
    )
    {
        int size = items?.Size ?? 1;
        var progress = new BatchProgress(size, problem.Limits, keepsTrace);
        using IItemRows rows = problem.Rows(items, inputs);
        for (rows.Init(); ; rows.Step())
        {
            ReadOnlySpan<int> others = rows.Improve(progress);
            // From the last, since an item that ends hands its place to the last one.
            for (int i = others.Length - 1; i >= 0; i--)
            {
                int item = rows.Item(others[i]);
                if (!HasEnded(rows, others[i], progress, best))
                    continue;
                rows.Remove(others[i], progress.IsSuccess(item));
                if (!progress.HasBest(item))
                    CopyItem(inputs[0], item, size, best);
            }
            if (rows.Count == 0)
                return progress;
            rows.Settle();
        }
    }

    /// <summary>Whether a row's item ends with its new iterate.</summary>
    private static bool HasEnded(IItemRows rows, int row, BatchProgress progress, Buffer best)
    {
        int item = rows.Item(row);
        if (rows.Failure(row) is { } reason && !(rows.IsBlind(row) && progress.IsTakenBack(item)))
        {
            if (progress.IsBest(item))
                rows.Finish(row, best);
            progress.Fail(item, reason);
            return true;
        }
        if (rows.Done(row) is not { } measure)
            return false;
        bool wasBest = progress.IsBest(item);
        bool hasEnded = progress.HasEnded(item, measure);
        // Most iterates are better than all before, and nobody asks for them once the next is there.
        if (!progress.IsBest(item) && wasBest)
            rows.FinishBefore(row, best);
        else if (progress.IsBest(item) && hasEnded)
            rows.Finish(row, best);
        return hasEnded;
    }

    /// <summary>What an item starts from, where no iterate of it could be measured.</summary>
    private static void CopyItem(Buffer starts, int item, int size, Buffer best)
    {
        int length = best.Length / size;
        best.CopyFrom(starts, item * length, item * length, length);
    }
}
