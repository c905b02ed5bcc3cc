namespace Implicit

open Implicit.Trees

type private CoreSystem = Implicit.LinearSystem

/// How linear systems are solved, and how to change a method: `gmres |> tol 1e-8 0.0 |> preconditioned m`.
[<AutoOpen>]
module LinearSolvers =
    /// GMRES with a Krylov space of 30 vectors before a restart: for any regular operator.
    let gmres: LinearSolver = LinearSolver.Gmres()

    /// GMRES with a Krylov space of so many vectors before a restart.
    let gmresRestart (vectors: int) : LinearSolver = LinearSolver.Gmres vectors

    /// Conjugate gradients: for symmetric definite operators, so also for the derivative of a fixed point whose Jacobian is symmetric.
    let cg: LinearSolver = LinearSolver.Cg()

    /// BiCGSTAB: for general operators, with memory that does not grow.
    let bicgstab: LinearSolver = LinearSolver.BiCgStab()

    /// LSMR: the least squares solution of least norm, for operators of any shape and rank.
    let lsmr: LinearSolver = LinearSolver.Lsmr()

    /// <summary>LSMR with a penalty: the x that minimises ‖b − A·x‖² + λ²‖x‖².</summary>
    /// <param name="lambda">λ, not negative.</param>
    let lsmrDamped (lambda: float) : LinearSolver = LinearSolver.Lsmr lambda

    /// Factors by structure: diagonal, triangles, Cholesky, LU; QR where the operator is not square.
    let direct: LinearSolver = LinearSolver.Direct()

    /// The least squares solution of least norm by singular values, for operators of any shape and rank.
    let pseudoinverse: LinearSolver = LinearSolver.Pseudoinverse()

    /// <summary>
    /// A Krylov method with M ≈ A⁻¹, on the right of A. The solution and its derivatives do not depend on M; the adjoint solve uses its
    /// transpose.
    /// </summary>
    /// <param name="m">Such as <c>LinearOperator.diagonal (1.0 / d)</c>, or the inverse of something near A.</param>
    /// <param name="solver">gmres, cg or bicgstab.</param>
    /// <exception cref="T:Implicit.TensorException">The method takes no preconditioner.</exception>
    let preconditioned (m: LinearOperator) (solver: LinearSolver) : LinearSolver = solver.WithPreconditioner m

    /// <summary>GMRES with M ≈ A⁻¹ on the left of A.</summary>
    /// <param name="m">The preconditioner.</param>
    /// <param name="solver">gmres.</param>
    /// <exception cref="T:Implicit.TensorException">The method takes no preconditioner on the left.</exception>
    let preconditionedLeft (m: LinearOperator) (solver: LinearSolver) : LinearSolver = solver.WithLeftPreconditioner m

    /// <summary>GMRES that begins with Richardson's iteration x ← x + ω(b − A·x), as long as a step leaves no more than 0.6 of the residual.</summary>
    /// <param name="factor">ω: 1 for A near I.</param>
    /// <param name="solver">gmres.</param>
    /// <exception cref="T:Implicit.TensorException">The method is not GMRES.</exception>
    let richardson (factor: float) (solver: LinearSolver) : LinearSolver = solver.WithRichardson factor

    /// A method that first tries what the operator claims on random vectors, and names the claim that does not hold.
    let checking (solver: LinearSolver) : LinearSolver = solver.WithChecks()

/// Linear systems and linear least squares, with the full account of the solve.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LinearSystem =
    /// <summary>Solves now and gives the full account for each right-hand side. Never raises for numerical failure.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="a">The operator.</param>
    /// <param name="b">Of the shape of A's result; for a vector [m] also [m, k], right-hand sides as columns.</param>
    /// <returns>x with status, residual and iterations; after a failure the best x that was found.</returns>
    /// <exception cref="T:Implicit.TensorException">The types do not fit, or something is being differentiated through.</exception>
    let solve (solver: LinearSolver) (a: LinearOperator) (b: Tensor) : LinearSolution =
        CoreSystem.TrySolve(a, b, solver)

    /// <summary>As <c>solve</c>, from a start.</summary>
    /// <param name="solver">How to solve: a Krylov method other than LSMR.</param>
    /// <param name="a">The operator.</param>
    /// <param name="start">Where to start, of the type of x.</param>
    /// <param name="b">The right-hand side.</param>
    /// <returns>x with status, residual and iterations.</returns>
    /// <exception cref="T:Implicit.TensorException">The types do not fit, or something is being differentiated through.</exception>
    let solveFrom (solver: LinearSolver) (a: LinearOperator) (start: Tensor) (b: Tensor) : LinearSolution =
        CoreSystem.TrySolve(a, b, solver, start)

    /// <summary>Solves now; a numerical failure is an error value.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="a">The operator.</param>
    /// <param name="b">The right-hand side.</param>
    /// <returns>The solution, or what is known of one that failed.</returns>
    /// <exception cref="T:Implicit.TensorException">The types do not fit, or something is being differentiated through.</exception>
    let trySolve (solver: LinearSolver) (a: LinearOperator) (b: Tensor) : Result<LinearSolution, LinearSolution> =
        let solution = solve solver a b
        if solution.IsSuccess then Ok solution else Error solution

/// The solution of linear systems as an ordinary function.
[<AutoOpen>]
module LinearSolve =
    /// <summary>
    /// The x with A·x = b. It is differentiable with respect to b and every tensor that A is made of, in both modes and to any order.
    /// </summary>
    /// <param name="solver">How to solve: <c>gmres</c>, <c>cg |> preconditioned m</c>, <c>direct</c>, …</param>
    /// <param name="a">The operator.</param>
    /// <param name="b">Of the shape of A's result; for a vector [m] also [m, k], right-hand sides as columns.</param>
    /// <returns>x, of the shape of A's argument; [n, k] for columns.</returns>
    /// <exception cref="T:Implicit.TensorException">The types do not fit, or A is not linear.</exception>
    /// <exception cref="T:Implicit.SolveException">
    /// A is singular, a number is not finite, or a Krylov method did not reach its tolerance; the message says why and what to try.
    /// </exception>
    let linearSolve (solver: LinearSolver) (a: LinearOperator) (b: Tensor) : Tensor =
        Codecs.ready ()
        CoreSystem.Solve(a, b, solver)
