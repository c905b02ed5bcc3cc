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
        for (int item = 0; item < items && Op.Throws; item++)
            RequireSolved(results.Report.AsSpan(item * QpResults.ReportLength), item);
        Elements.Write(outputs[0]!, results.X);
        Elements.Write(outputs[1]!, results.Y);
        Elements.Write(outputs[2]!, results.Z);
        Elements.Write(outputs[3]!, results.Report);
        if (KeepsRecord)
            outputs[4] = new ObjectBuffer(results.Record!);
    }

    private void RequireSolved(ReadOnlySpan<double> report, int item)
    {
        if ((QpStatus)report[0] != QpStatus.Solved)
            throw new SolveException($"[qp] {StatusText.Of(report, Op.Options)}{Place(item, Op.Form.Items)}");
    }

    /// <summary>Which item it was, in a batch.</summary>
    public static string Place(int item, int items) => items == 1 ? "" : ItemFailures.Place(item, items);
}
