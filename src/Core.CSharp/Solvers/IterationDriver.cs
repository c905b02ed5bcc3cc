using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// The one loop of all iterative methods. It takes steps until every item has converged or failed, and keeps the best iterate of each.
/// An item that has ended leaves the batch: those that go on do so as if alone.
/// </summary>
internal static class IterationDriver
{
    /// <summary>Solves a problem, or a batch of them.</summary>
    /// <param name="iteration">The method.</param>
    /// <param name="items">The batch, if it is one.</param>
    /// <param name="inputs">The start, and captures.</param>
    /// <param name="best">Receives the best iterate of each item.</param>
    /// <param name="keepsTrace">Whether the residuals of all iterates are kept.</param>
    /// <returns>How each item ended.</returns>
    public static SolveReport[] Run(
        Iteration iteration,
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
            progress[item] = new ItemProgress(iteration.Limits, keepsTrace);
        best.CopyFrom(inputs[0], 0, 0, best.Length);
        var rows = new ItemRows(iteration, items, inputs);
        rows.Init();
        for (int step = 0; ; step++)
        {
            // From the last, since an item that ends hands its place to the last one.
            for (int row = rows.Count - 1; row >= 0; row--)
            {
                int item = rows.Item(row);
                ItemProgress one = progress[item];
                SolveReport? report = rows.Failure(row) is { } reason
                    ? one.Failed(step, reason)
                    : one.Judge(step, rows.Residual(row), rows.Tolerance(row));
                if (one.IsBest)
                    rows.CopyIterate(row, best, item);
                if (report is null)
                    continue;
                reports[item] = report;
                rows.Remove(row);
            }
            if (rows.Count == 0)
                return reports;
            rows.Settle();
            rows.Step();
        }
    }
}
