namespace Implicit;

/// <summary>The full account of an iterative solve, of one problem or of a batch of them.</summary>
/// <typeparam name="T">The tree of the solution.</typeparam>
public sealed class Solution<T>
{
    internal Solution(T value, IReadOnlyList<SolveReport> reports)
    {
        Value = value;
        Reports = reports;
    }

    /// <summary>The best iterate, whatever the status; for a batch with an axis of items in front.</summary>
    public T Value { get; }

    /// <summary>How each item ended: one report for a single problem.</summary>
    public IReadOnlyList<SolveReport> Reports { get; }

    /// <summary>The first report of a failure, or of a singular root, or the first of all; a success if there are no items.</summary>
    public SolveReport Report =>
        Reports.FirstOrDefault(report => !report.IsSuccess)
        ?? Reports.FirstOrDefault(report => report.IsSingular)
        ?? Reports.FirstOrDefault(SolveReport.OfNothing);

    /// <summary>How the solve ended: success only if every item is solved.</summary>
    public SolveStatus Status => Report.Status;

    /// <summary>Whether every item is solved.</summary>
    public bool IsSuccess => Report.IsSuccess;

    /// <summary>Whether ∂F/∂z is singular at a root that was found: see <see cref="SolveReport.IsSingular"/>.</summary>
    public bool IsSingular => Reports.Any(report => report.IsSingular);

    /// <summary>What happened, where, and what to try.</summary>
    public string Message => Report.Message;

    /// <summary>Steps taken; in a batch, the most for one item.</summary>
    public int Steps => Reports.Aggregate(0, (most, report) => Math.Max(most, report.Steps));

    /// <summary>The residual of the value; in a batch, the largest, or NaN if one is.</summary>
    public double Residual => Reports.Aggregate(0.0, (most, report) => Math.Max(most, report.Residual));

    /// <summary>The residuals of all iterates, the start's first; in a batch, those of the item that <see cref="Report"/> speaks of.</summary>
    public IReadOnlyList<double> Trace => Report.Trace;

    /// <summary>How the solve ended and what it cost.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Message;
}
