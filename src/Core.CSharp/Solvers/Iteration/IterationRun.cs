using Implicit.Control;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// Runs an iteration: (start, captures) → the solution, and the number of steps to it if that is wanted. An item that is not solved is an
/// error that names it.
/// </summary>
internal sealed record IterationRun(IIterative Problem, ItemAxis? Items) : IHostFunction
{
    public bool KeepsInputs => false;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        BatchProgress ended = IterationDriver.Run(Problem, Items, inputs, outputs[0]!, keepsTrace: false);
        if (outputs.Length > 1)
            outputs[1]!.Write<long>(ended.BestSteps);
        if (!ended.AreSolved)
            ItemFailures.Raise(
                Problem.Name,
                [.. ended.Reports.Select(report => report.IsSuccess ? null : report.Message)],
                Items is not null
            );
    }
}
