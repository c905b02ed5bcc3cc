namespace Implicit

open System
open System.Collections.Generic
open Implicit.Trees

type private CoreArgmin = Implicit.Argmin

/// How convex quadratic and linear programs are solved: the primal-dual interior point. Copy and update: `{ interiorPoint with MaxSteps = 50 }`.
[<NoComparison>]
type InteriorPoint =
    {
        /// The residuals allowed, in the units of the constraints and of the gradient; the gap, in those of the objective.
        AbsoluteTolerance: float
        /// The residuals allowed relative to the largest term that they are sums of.
        RelativeTolerance: float
        /// The most steps.
        MaxSteps: int
        /// What the derivative is where the solution has none.
        Degeneracy: Degeneracy
    }

    member internal solver.Options =
        QpOptions(
            AbsoluteTolerance = solver.AbsoluteTolerance,
            RelativeTolerance = solver.RelativeTolerance,
            MaxSteps = solver.MaxSteps,
            Degeneracy = solver.Degeneracy
        )

    /// The program with its functions as the core takes them.
    static member internal Core(program: Program<'X>) : ConvexProgram<'X> =
        Codecs.ready ()

        (ConvexProgram.Minimise(Func<'X, Tensor> program.Objective), program.Constraints)
        ||> List.fold (fun core constraints ->
            core.SubjectTo(Func<'X, IReadOnlyList<Tensor>>(fun x -> constraints x :> IReadOnlyList<Tensor>)))

    interface IArgminSolver with
        member solver.Argmin program x0 = InteriorPoint.Core(program).Argmin(x0, solver.Options)

    interface ITolerances<InteriorPoint> with
        member solver.Rtol relative = { solver with RelativeTolerance = relative }
        member solver.Atol absolute = { solver with AbsoluteTolerance = absolute }

    interface IStepLimit<InteriorPoint> with
        member solver.LimitedTo steps = { solver with MaxSteps = steps }

    interface IVia<Degeneracy, InteriorPoint> with
        member solver.Via degeneracy = { solver with Degeneracy = degeneracy }

/// The solver of convex programs, and what its derivative is where a solution has none.
[<AutoOpen>]
module InteriorPoints =
    /// The primal-dual interior point for convex quadratic and linear programs, to an absolute tolerance of 1e-8:
    /// `interiorPoint |> atol 1e-10 |> via Strict`. What `argmin` gets that is smooth but not quadratic, without constraints, goes to `lbfgs`.
    let interiorPoint: InteriorPoint =
        let core = QpOptions()

        {
            AbsoluteTolerance = core.AbsoluteTolerance
            RelativeTolerance = core.RelativeTolerance
            MaxSteps = core.MaxSteps
            Degeneracy = core.Degeneracy
        }

    /// Where the solution has a kink or its multipliers are not unique, a finite derivative: that of least norm. The default.
    let MinNorm = Degeneracy.MinNorm

    /// Where the solution has a kink or its multipliers are not unique, a derivative raises.
    let Strict = Degeneracy.Strict

/// Convex programs: the full account of their solution, and programs given by their matrices.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Argmin =
    /// <summary>Solves and gives the full account: duals in the order and shapes of the constraints, status, statistics.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="program">The problem: quadratic or linear, with affine constraints.</param>
    /// <param name="x0">Gives the variable's form; its numbers do not matter.</param>
    /// <returns>The solution. Never raises for numerical failure: its status says what happened.</returns>
    /// <exception cref="T:Implicit.TensorException">The program is not quadratic with affine constraints; the message names what is not.</exception>
    let solve (solver: InteriorPoint) (program: Program<'X>) (x0: 'X) : ArgminSolution<'X> =
        InteriorPoint.Core(program).Solve(x0, solver.Options)

    /// <summary>The minimiser of a convex quadratic program, differentiable with respect to every datum, in both modes and to any order.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="program">The data.</param>
    /// <returns>x, […, n].</returns>
    /// <exception cref="T:Implicit.TensorException">The shapes or element types do not fit together.</exception>
    /// <exception cref="T:Implicit.SolveException">An item is not solved; the message names it and says why and what to try.</exception>
    let qp (solver: InteriorPoint) (program: Qp) : Tensor = CoreArgmin.Qp(program.Core, solver.Options)

    /// <summary>
    /// The full account: multipliers, status of each item, residuals. Never raises for numerical failure. The tensors are differentiable; the status
    /// and the statistics cannot be read within a transform.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="program">The data.</param>
    /// <returns>The solution.</returns>
    /// <exception cref="T:Implicit.TensorException">The shapes or element types do not fit together.</exception>
    let solveQp (solver: InteriorPoint) (program: Qp) : QpSolution = CoreArgmin.SolveQp(program.Core, solver.Options)
