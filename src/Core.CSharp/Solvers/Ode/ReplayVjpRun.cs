using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Runs the transpose of a replay backward along the record, from kept steps and steps taken again.</summary>
internal sealed record ReplayVjpRun(OdeProblem Problem, ValueArray<bool> Needed) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        int n = Problem.Leaves;
        var record = (OdeRecord)((ObjectBuffer)inputs[^1]).Value;
        ReadOnlySpan<Buffer> y0 = inputs[..n];
        ReadOnlySpan<Buffer> captures = inputs.Slice(n, Problem.Captures.Length);
        ReadOnlySpan<Buffer> rows = inputs.Slice(n + captures.Length, n);
        var walk = new BackwardWalk(Problem, Needed, record, y0, captures, rows);
        walk.Run(outputs);
    }
}
