using Implicit.Control;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>Runs a Krylov method: (b, start if there is one, captures) → (x, and the report if it is wanted).</summary>
internal sealed class KrylovRun(LinearSolveOp op, bool keepsReport) : IHostFunction
{
    private readonly KrylovPlans plans = new(op);

    public bool KeepsInputs => false;

    private (LinearSolveOp, bool) Key => (op, keepsReport);

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        LinearReport[] reports =
            inputs[0].DType == DType.Float32
                ? KrylovDriver.Solve<float>(op, plans, inputs, outputs[0]!)
                : KrylovDriver.Solve<double>(op, plans, inputs, outputs[0]!);
        if (!op.Reports)
            ItemFailures.Raise(op.Title, [.. reports.Select(report => report.IsSuccess ? null : report.Message)]);
        if (keepsReport)
            outputs[1]!.Write<double>([.. reports.SelectMany(report => report.Numbers)]);
    }

    public override bool Equals(object? obj) => obj is KrylovRun other && Key == other.Key;

    public override int GetHashCode() => Key.GetHashCode();
}
