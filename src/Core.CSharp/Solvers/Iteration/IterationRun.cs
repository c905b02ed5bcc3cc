using Implicit.Control;
using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>
/// Runs an iteration: (start, captures) → the solution, and the number of steps to it if that is wanted. An item that is not solved is an
/// error that names it, unless something else is to be given for it.
/// </summary>
internal sealed record IterationRun(IIterative Problem, ItemAxis? Items, OnFail OnFail) : IHostFunction
{
    public bool KeepsInputs => false;

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        BatchProgress ended = IterationDriver.Run(Problem, Items, inputs, outputs[0]!, keepsTrace: false);
        if (outputs.Length > 1)
            outputs[1]!.Write<long>(ended.BestSteps);
        if (ended.AreSolved || OnFail == OnFail.Best)
            return;
        if (OnFail == OnFail.Nan)
            EraseFailed(ended, outputs[0]!);
        else
            ItemFailures.Raise(
                Problem.Name,
                [.. ended.Reports.Select(report => report.IsSuccess ? null : report.Message)]
            );
    }

    private void EraseFailed(BatchProgress ended, Buffer solutions)
    {
        int size = Items?.Size ?? 1;
        int length = solutions.Length / size;
        for (int item = 0; item < size; item++)
            if (!ended.IsSuccess(item))
                Elements.Fill(solutions, double.NaN, item * length, length);
    }
}
