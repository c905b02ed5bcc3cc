using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>Runs an iteration: (start, captures) → the solution. An item that is not solved is an error that names it.</summary>
internal sealed record IterationRun(IIterative Problem, ItemAxis? Items) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        SolveReport[] reports = IterationDriver.Run(Problem, Items, inputs, outputs[0]!, keepsTrace: false);
        int[] failed = [.. Enumerable.Range(0, reports.Length).Where(item => !reports[item].IsSuccess)];
        if (failed.Length == 0)
            return;
        string message = $"[{Problem.Name}] {reports[failed[0]].Message}";
        if (Items is not null)
            message += $" This was item {failed[0]} of {reports.Length}.";
        if (failed.Length > 1)
            message += $" Items {string.Join(", ", failed[1..])} failed too.";
        throw new SolveException(message);
    }
}
