namespace Implicit;

/// <summary>The full account of the solve of A·x = b.</summary>
public sealed class LinearSolution
{
    internal LinearSolution(Tensor value, LinearReport[] reports)
    {
        Value = value;
        Reports = reports;
    }

    /// <summary>x; after a failure the best that was found (NaN after a direct solve that failed), one column per right-hand side.</summary>
    public Tensor Value { get; }

    /// <summary>How each right-hand side fared: one, or as many as b has columns.</summary>
    public IReadOnlyList<LinearReport> Reports { get; }

    /// <summary>The first report of a failure, or the first of all; a success if there are no right-hand sides.</summary>
    public LinearReport Report =>
        Reports.FirstOrDefault(report => !report.IsSuccess)
        ?? Reports.FirstOrDefault(new LinearReport(LinearStatus.Success, 0.0, 0.0, 0));

    /// <summary>How the solve ended: <see cref="LinearStatus.Success"/> only if every right-hand side is solved.</summary>
    public LinearStatus Status => Report.Status;

    /// <summary>Whether every right-hand side is solved.</summary>
    public bool IsSuccess => Report.IsSuccess;

    /// <summary>What happened, and what to try.</summary>
    public string Message => Report.Message;

    /// <summary>The largest residual, or NaN if one is.</summary>
    public double Residual => Reports.Aggregate(0.0, (most, report) => Math.Max(most, report.Residual));

    /// <summary>The most steps taken for one right-hand side.</summary>
    public int Iterations => Reports.Aggregate(0, (most, report) => Math.Max(most, report.Iterations));

    /// <summary>How the solve ended and what it cost.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Message;
}
