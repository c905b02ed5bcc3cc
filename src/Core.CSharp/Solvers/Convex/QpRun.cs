using Implicit.Control;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>Runs a batch of solves: data → (x, y, z, report, and the record if it is wanted).</summary>
internal sealed record QpRun(QpOp Op, bool KeepsRecord) : IHostFunction
{
    public bool KeepsInputs => false;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        int items = Op.Form.Items;
        QpResults results = QpSolver.Solve(new QpInputs(Op.Form, inputs), items, Op.Options, KeepsRecord);
        if (Op.OnFail != OnFail.Best)
            Judge(results, items);
        Elements.Write(outputs[0]!, results.X);
        Elements.Write(outputs[1]!, results.Y);
        Elements.Write(outputs[2]!, results.Z);
        Elements.Write(outputs[3]!, results.Report);
        if (KeepsRecord)
            outputs[4] = new ObjectBuffer(results.Record!);
    }

    /// <summary>An item that is not solved is an error, or NaN.</summary>
    private void Judge(QpResults results, int items)
    {
        if (results.AreSolved)
            return;
        string?[] failures = [.. Enumerable.Range(0, items).Select(item => Failure(results, item))];
        if (Op.OnFail == OnFail.Throw)
            ItemFailures.Raise("qp", failures);
        for (int item = 0; item < items; item++)
            if (failures[item] is not null)
                foreach (double[] all in (ReadOnlySpan<double[]>)[results.X, results.Y, results.Z])
                {
                    int length = all.Length / items;
                    Array.Fill(all, double.NaN, item * length, length);
                }
    }

    /// <summary>Why an item is not solved; null if it is.</summary>
    private string? Failure(QpResults results, int item)
    {
        ReadOnlySpan<double> report = results.Report.AsSpan(item * QpResults.ReportLength, QpResults.ReportLength);
        return (QpStatus)report[0] == QpStatus.Solved ? null : StatusText.Of(report, Op.Options);
    }
}
