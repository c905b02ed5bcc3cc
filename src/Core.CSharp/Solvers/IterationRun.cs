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

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        ItemProgress[] ended = IterationDriver.Run(Problem, Items, inputs, outputs[0]!, keepsTrace: false);
        if (outputs.Length > 1)
            outputs[1]!.Write<long>([.. ended.Select(item => (long)item.BestStep)]);
        if (!Array.TrueForAll(ended, item => item.IsSuccess))
            ItemFailures.Raise(
                Problem.Name,
                [.. ended.Select(item => item.IsSuccess ? null : item.Report().Message)],
                Items is not null
            );
    }
}
