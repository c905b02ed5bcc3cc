using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>All that defines a descent but its data, by structure.</summary>
/// <param name="Name">Who solves, for messages.</param>
internal abstract record DescentProblem(string Name) : IFinder
{
    public bool SolvesBatches => false;

    public IHostFunction Runner(ItemAxis? items) => new DescentRun(this);

    public Function Unrolled() =>
        Throw.Error<Function>(
            Name,
            "the steps of a descent, whose lengths are searched for, are not differentiated: use Exact, Neumann, Phantom or OneStep",
            "Unrolled"
        );

    /// <summary>Solves; never throws for numerical failure.</summary>
    public abstract (double[] X, SolveReport Report) Solve(Buffer start, ReadOnlySpan<Buffer> captures);
}

/// <summary>Runs a descent: (start, captures) → minimiser.</summary>
internal sealed record DescentRun(DescentProblem Problem) : IHostFunction
{
    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs, ReadOnlySpan<bool> wanted)
    {
        (double[] x, SolveReport report) = Problem.Solve(inputs[0], inputs[1..]);
        if (!report.IsSuccess)
            throw new SolveException($"[{Problem.Name}] {report.Message}");
        Elements.Write(outputs[0]!, x);
    }
}
