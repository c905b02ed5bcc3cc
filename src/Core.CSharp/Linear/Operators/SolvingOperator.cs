namespace Implicit.Linear;

/// <summary>The inverse of an operator by a Krylov method: each product is a solve.</summary>
internal sealed class SolvingOperator(LinearOperator inner, LinearSolver.Krylov solver)
    : LinearOperator(inner.Output, inner.Input, inner.Properties)
{
    public override LinearOperator T => new SolvingOperator(inner.T, Transposed(solver));

    internal override bool StatesTranspose => true;

    internal override Tensor Product(Tensor x) => KrylovSetup.Of(inner, solver).Solve(x);

    internal override Tensor TransposedProduct(Tensor w) => KrylovSetup.Of(inner.T, Transposed(solver)).Solve(w);

    /// <summary>The method for the transpose: preconditioners are transposed, and change sides where there are two.</summary>
    private static LinearSolver.Krylov Transposed(LinearSolver.Krylov solver) =>
        solver is LinearSolver.Gmres gmres
            ? gmres with
            {
                Preconditioner = gmres.LeftPreconditioner?.T,
                LeftPreconditioner = gmres.Preconditioner?.T,
            }
            : solver with
            {
                Preconditioner = solver.Preconditioner?.T,
            };
}
