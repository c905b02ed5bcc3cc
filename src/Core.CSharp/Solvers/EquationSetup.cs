using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>A user's call read into a problem and its data.</summary>
/// <param name="Problem">The traced equation and how to solve it.</param>
/// <param name="Derivative">How the solution is differentiated.</param>
/// <param name="Start">The start as a vector [n]; with an axis of items in front for a batch.</param>
/// <param name="Captures">What the user's function captured, and was given beside z.</param>
/// <param name="Items">The batch, if it is one.</param>
/// <param name="Unravel">From such vectors to the user's tree.</param>
internal sealed record EquationSetup<T>(
    EquationProblem Problem,
    ImplicitDerivative Derivative,
    Tensor Start,
    Tensor[] Captures,
    ItemAxis? Items,
    Func<Tensor, T> Unravel
)
{
    /// <summary>What reports on the adjoint solve, if anything does.</summary>
    public Tensor? Certificate { get; init; }

    /// <summary>Whether nothing waits for an open trace: the solve can run now.</summary>
    private bool IsConcrete => !Start.IsTraced && !Captures.Any(capture => capture.IsTraced);

    /// <summary>The solution as a node; a failure is an error when the value is computed.</summary>
    public T Solution()
    {
        var op = new SolutionOp(Problem, Problem.Residual, Derivative)
        {
            Items = Items,
            HasCertificate = Certificate is not null,
        };
        Tensor z = Tensor.Apply(op, Certificate is null ? [Start, .. Captures] : [Start, .. Captures, Certificate]);
        // Nothing is gained by waiting, and a failure then shows at the call that caused it.
        if (!z.IsTraced)
            Reading.Force(z);
        return Unravel(z);
    }

    /// <summary>Solves now and gives the full account.</summary>
    public Solution<T> Solve()
    {
        Throw.Unless(
            IsConcrete,
            $"{Problem.Name}.solve",
            $"status and residual are known only when the numbers are; inside a transform use {Problem.Name}",
            "a traced start or capture"
        );
        Tensor[] inputs = [Start, .. Captures];
        Reading.Force(inputs);
        Buffer[] buffers = Array.ConvertAll(inputs, input => input.Value!);
        Buffer best = Device.Cpu.Backend.Allocate(Start.DType, Start.Length);
        SolveReport[] reports = IterationDriver.Run(Problem.Iteration, Items, buffers, best, keepsTrace: true);
        return new Solution<T>(Unravel(Tensor.Data(best, Start.Shape)), reports);
    }
}
