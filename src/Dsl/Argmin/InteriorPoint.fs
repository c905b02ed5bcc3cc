namespace Implicit

type private CoreArgmin = Implicit.Argmin

/// The solver of convex programs, and what its derivative is where a solution has none.
[<AutoOpen>]
module InteriorPoints =
    /// The primal-dual interior point for convex quadratic and linear programs, to an absolute tolerance of 1e-8:
    /// `interiorPoint |> atol 1e-10 |> via Strict`. What `argmin` gets that is smooth but not quadratic, without constraints, goes to `lbfgs`.
    let interiorPoint: QpOptions = QpOptions()

    /// Where the solution has a kink or its multipliers are not unique, a finite derivative: that of least norm. The default.
    let MinNorm = Degeneracy.MinNorm

    /// Where the solution has a kink or its multipliers are not unique, a derivative raises.
    let Strict = Degeneracy.Strict

/// The full account of optimisation problems, and programs given by their matrices.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Argmin =
    /// <summary>Solves and gives the full account: duals in the order and shapes of the constraints, status, statistics.</summary>
    /// <param name="solver">How to solve, as for <c>argmin</c>.</param>
    /// <param name="program">The problem.</param>
    /// <param name="x0">Gives the variable's form; where methods that need a start begin.</param>
    /// <returns>The solution. Never raises for numerical failure: its status says what happened.</returns>
    /// <exception cref="T:Implicit.TensorException">The problem is not of the kind that the solver solves; the message names what is not.</exception>
    let solve (solver: IArgminSolver) (program: ConvexProgram<'X>) (x0: 'X) : ArgminSolution<'X> =
        solver.Solve(program, x0)

    /// <summary>The minimiser of a convex quadratic program, differentiable with respect to every datum, in both modes and to any order.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="program">The data.</param>
    /// <returns>x, […, n].</returns>
    /// <exception cref="T:Implicit.TensorException">The shapes or element types do not fit together.</exception>
    /// <exception cref="T:Implicit.SolveException">An item is not solved; the message names it and says why and what to try.</exception>
    let qp (solver: QpOptions) (program: Qp) : Tensor = CoreArgmin.Qp(program.Core, solver)

    /// <summary>
    /// The full account: multipliers, status of each item, residuals. Never raises for numerical failure. The tensors are differentiable; the status
    /// and the statistics cannot be read within a transform.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="program">The data.</param>
    /// <returns>The solution.</returns>
    /// <exception cref="T:Implicit.TensorException">The shapes or element types do not fit together.</exception>
    let solveQp (solver: QpOptions) (program: Qp) : QpSolution = CoreArgmin.SolveQp(program.Core, solver)
