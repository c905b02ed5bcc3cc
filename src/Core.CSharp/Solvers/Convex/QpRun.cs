using System.Globalization;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Convex;

/// <summary>Runs a batch of solves: data → (x, y, z, report, and the record if it is wanted).</summary>
internal sealed record QpRun(QpOp Op, bool KeepsRecord) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        int items = Op.Form.Items;
        QpResults results = QpSolver.Solve(new QpInputs(Op.Form, inputs), items, Op.Options, KeepsRecord);
        if (Op.Throws)
            for (int item = 0; item < items; item++)
                if (
                    StatusText.Of(results.Report.AsSpan(item * QpResults.ReportLength), Op.Options)
                        is var (status, text)
                    && status != QpStatus.Solved
                )
                    throw new SolveException($"[qp] {text}{Place(item, items)}");
        Elements.Write(outputs[0]!, results.X);
        Elements.Write(outputs[1]!, results.Y);
        Elements.Write(outputs[2]!, results.Z);
        Elements.Write(outputs[3]!, results.Report);
        if (KeepsRecord)
            outputs[4] = new ObjectBuffer(results.Record!);
    }

    /// <summary>Which item it was, in a batch.</summary>
    public static string Place(int item, int items) =>
        items == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" This was item {item} of {items}.");
}
