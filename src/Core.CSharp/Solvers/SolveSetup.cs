using Implicit.Control;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Shapes;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers;

/// <summary>A user's call read into a problem and its data.</summary>
/// <param name="Problem">How it is solved.</param>
/// <param name="Residual">(z [n], captures) → F, which vanishes at the solution, of one item.</param>
/// <param name="Derivative">How the solution is differentiated.</param>
/// <param name="Traced">The data.</param>
internal sealed record SolveSetup<T>(
    IIterative Problem,
    Function Residual,
    ImplicitDerivative Derivative,
    TracedProblem<T> Traced
)
{
    /// <summary>What reports on the adjoint solve, if anything does.</summary>
    public Tensor? Certificate { get; init; }

    /// <summary>What the solution is where the problem is not solved.</summary>
    public OnFail OnFail { get; init; }

    /// <summary>What an exact derivative first asks of the solution.</summary>
    public Isolation Isolation { get; init; }

    /// <summary>By what the account says if ∂F/∂z is singular at the solution; if null it does not.</summary>
    public LinearSolver? SingularBy { get; init; }

    /// <summary>The solution as a node; a failure is an error when the value is computed.</summary>
    public T Solution()
    {
        Tensor z = Derivative is ImplicitDerivative.Unrolled ? Unrolled() : Implicit();
        z = Traced.Held(z, OnFail == OnFail.Throw || Traced.Items is null ? null : AreFinite(z, Traced.Items));
        Reading.ForceUnlessTraced(z);
        return Traced.Unravel(z);
    }

    /// <summary>
    /// Reads a call and solves it now. What the function computes without the unknowns is computed before the first step: if that fails, so does
    /// the solve, at the start.
    /// </summary>
    /// <param name="read">Reads the call.</param>
    /// <param name="start">Where to start.</param>
    /// <param name="isBatch">Whether the start holds items along axis 0.</param>
    public static Solution<T> Solve(Func<SolveSetup<T>> read, T start, bool isBatch)
    {
        try
        {
            return read().Solve();
        }
        catch (Exception error) when (SolveException.TellsFailure(error))
        {
            int count = isBatch ? Tree.Leaves(start)[0].Shape[0] : 1;
            var progress = new BatchProgress(count, default, keepsTrace: true);
            for (int item = 0; item < count; item++)
                progress.Fail(item, error.Message);
            return new Solution<T>(start, progress.Reports);
        }
    }

    private Solution<T> Solve()
    {
        Throw.Unless(
            Traced.IsConcrete,
            $"{Problem.Name}.solve",
            $"status and residual are known only when the numbers are; inside a transform use {Problem.ShortForm}",
            "a traced start or capture"
        );
        Tensor start = Traced.Start;
        Tensor[] inputs = [start, .. Traced.Captures];
        Reading.Force(inputs);
        Buffer[] buffers = Array.ConvertAll(inputs, input => input.Value!);
        Buffer best = Device.Cpu.Backend.Allocate(start.DType, start.Length);
        SolveReport[] reports = IterationDriver.Run(Problem, Traced.Items, buffers, best, keepsTrace: true).Reports;
        Tensor solved = Tensor.Greater(
            Tensor.Of(Array.ConvertAll(reports, report => report.IsSuccess ? 1.0 : 0.0)),
            0.0
        );
        Tensor z = Traced.Held(Tensor.Data(best, start.Shape), solved);
        Reading.Force(z);
        if (SingularBy is not null)
            reports = SingularRoots.Tell(
                RootJacobian.Excess(Residual, (SingularBy as LinearSolver.Krylov)?.Bare),
                Traced.Items,
                [z, .. inputs[1..]],
                reports
            );
        return new Solution<T>(Traced.Unravel(z), reports);
    }

    private Tensor Implicit()
    {
        var op = new SolutionOp(Problem, Residual, Derivative)
        {
            Items = Traced.Items,
            HasCertificate = Certificate is not null,
            OnFail = OnFail,
            Isolation = Isolation,
        };
        Tensor[] inputs = [Traced.Start, .. Traced.Captures];
        return Tensor.Apply(op, Certificate is null ? inputs : [.. inputs, Certificate]);
    }

    /// <summary>Which items have a residual, [items]: those that may be solved.</summary>
    private Tensor AreFinite(Tensor z, ItemAxis items) =>
        Tensor.IsFinite(Tensor.MaxNorm(items.Map(Residual, 1, items.Size).Apply([z, .. Traced.Captures])[0], 1));

    private Tensor Unrolled() =>
        Tensor.ApplyMany(
            new UnrolledOp((IReplayable)Problem, Traced.Items, OnFail),
            [Traced.Start, .. Traced.Captures]
        )[0];
}
