namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="LinearSystem.Solve(LinearOperator, Tensor, LinearSolver?, Tensor?)"/>
    public static Tensor LinearSolve(LinearOperator a, Tensor b, LinearSolver? solver = null, Tensor? start = null) =>
        LinearSystem.Solve(Given(a), Given(b), solver, start);

    /// <inheritdoc cref="LinearSystem.Solve(Func{Tensor, Tensor}, Tensor, LinearSolver?)"/>
    public static Tensor LinearSolve(Func<Tensor, Tensor> a, Tensor b, LinearSolver? solver = null) =>
        LinearSystem.Solve(Given(a), Given(b), solver);

    /// <inheritdoc cref="LinearSystem.Solve{T}(Func{T, T}, T, LinearSolver?)"/>
    public static T LinearSolve<T>(Func<T, T> a, T b, LinearSolver? solver = null) =>
        LinearSystem.Solve(Given(a), b, solver);
}
