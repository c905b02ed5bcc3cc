namespace Implicit.Solvers.Convex;

/// <summary>What became of each item; rows of arrays, one per item.</summary>
internal sealed class QpResults(QpSize size, int items, QpRecord? record)
{
    /// <summary>Numbers per item in <see cref="Report"/>.</summary>
    public const int ReportLength = 6;

    /// <summary>x [items, n].</summary>
    public double[] X { get; } = new double[items * size.N];

    /// <summary>y [items, p].</summary>
    public double[] Y { get; } = new double[items * size.P];

    /// <summary>z [items, rows]: of the general inequalities, the lower bounds, the upper bounds.</summary>
    public double[] Z { get; } = new double[items * size.Rows];

    /// <summary>[items, 6]: status, iterations, primal residual, dual residual, gap, margin.</summary>
    public double[] Report { get; } = new double[items * ReportLength];

    /// <summary>Whether every item is solved.</summary>
    public bool AreSolved
    {
        get
        {
            for (int item = 0; item < items; item++)
                if ((QpStatus)Report[item * ReportLength] != QpStatus.Solved)
                    return false;
            return true;
        }
    }

    /// <summary>What derivatives need; null if nobody wants it.</summary>
    public QpRecord? Record { get; } = record;

    public void Describe(int item, QpStatus status, int iterations, Assessment assessment, double margin)
    {
        Span<double> report = Report.AsSpan(item * ReportLength, ReportLength);
        report[0] = (double)status;
        report[1] = iterations;
        report[2] = assessment.Primal;
        report[3] = assessment.Dual;
        report[4] = assessment.Gap;
        report[5] = margin;
        Record?.Describe(item, status, margin);
    }
}
