namespace Implicit.Linear;

/// <summary>The inverse of an operator by a Krylov method: each product is a solve.</summary>
internal sealed class SolvingOperator(LinearOperator inner, LinearSolver.Krylov solver)
    : LinearOperator(inner.Output, inner.Input, inner.Properties)
{
    public override LinearOperator T => new SolvingOperator(inner.T, (LinearSolver.Krylov)solver.Transposed);

    internal override bool StatesTranspose => true;

    internal override Tensor Product(Tensor x) => KrylovSetup.Of(inner, solver).Solve(x);

    internal override Tensor TransposedProduct(Tensor w) =>
        KrylovSetup.Of(inner.T, (LinearSolver.Krylov)solver.Transposed).Solve(w);
}
