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
        for (int item = 0; item < items && Op.OnFail != OnFail.Best; item++)
            Judge(results, item);
        Elements.Write(outputs[0]!, results.X);
        Elements.Write(outputs[1]!, results.Y);
        Elements.Write(outputs[2]!, results.Z);
        Elements.Write(outputs[3]!, results.Report);
        if (KeepsRecord)
            outputs[4] = new ObjectBuffer(results.Record!);
    }

    /// <summary>An item that is not solved is an error, or NaN.</summary>
    private void Judge(QpResults results, int item)
    {
        ReadOnlySpan<double> report = results.Report.AsSpan(item * QpResults.ReportLength, QpResults.ReportLength);
        if ((QpStatus)report[0] == QpStatus.Solved)
            return;
        if (Op.OnFail == OnFail.Throw)
            throw new SolveException($"[qp] {StatusText.Of(report, Op.Options)}{Place(item, Op.Form.Items)}");
        foreach (double[] all in (ReadOnlySpan<double[]>)[results.X, results.Y, results.Z])
        {
            int length = all.Length / Op.Form.Items;
            Array.Fill(all, double.NaN, item * length, length);
        }
    }

    /// <summary>Which item it was, in a batch.</summary>
    public static string Place(int item, int items) => items == 1 ? "" : ItemFailures.Place(item, items);
}
