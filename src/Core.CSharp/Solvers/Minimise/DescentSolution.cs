namespace Implicit.Solvers.Minimise;

/// <summary>The account of a problem without constraints, solved by a descent.</summary>
internal sealed class DescentSolution<T>(Solution<T> descent, Func<T, Tensor> objective)
    : ArgminSolution<T>(descent.Value)
{
    public override IReadOnlyList<Tensor> Duals => [];

    public override Tensor Objective => objective(Value);

    public override QpStatus Status =>
        descent.Status switch
        {
            SolveStatus.Success => QpStatus.Solved,
            SolveStatus.MaxStepsReached => QpStatus.MaxIterations,
            _ => QpStatus.NumericalError,
        };

    public override string Message => descent.Message;

    public override int Iterations => descent.Steps;
}
