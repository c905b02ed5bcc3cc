namespace Implicit

/// How to change a solver, whatever it solves.
[<AutoOpen>]
module Solvers =
    /// Says how the solution is differentiated: `dopri5 |> via Backsolve`, `anderson 5 |> via OneStep`.
    let via (how: 'How) (solver: IVia<'How, 'Solver>) : 'Solver = solver.Via how

    /// Allows an error, or a residual, relative to the state.
    let rtol (relative: float) (solver: ITolerances<'Solver>) : 'Solver = solver.WithRelativeTolerance relative

    /// Allows an error, or a residual, in the units of the state.
    let atol (absolute: float) (solver: ITolerances<'Solver>) : 'Solver = solver.WithAbsoluteTolerance absolute

    /// Allows an error, or a residual, of `relative` times the state plus `absolute`; a linear solver takes the larger of the two.
    let tol (relative: float) (absolute: float) (solver: 'Solver :> ITolerances<'Solver>) : 'Solver =
        solver |> rtol relative |> atol absolute

    /// Limits the number of steps; of a linear solver, of products with its operator.
    let maxSteps (count: int) (solver: IStepLimit<'Solver>) : 'Solver = solver.WithMaxSteps count

    /// Says what is given for a problem that could not be solved, alone or as an item of a batch, in place of an error: `anderson 5 |> onFail OnFail.Nan` leaves
    /// NaN there, which a loss can leave out.
    let onFail (policy: OnFail) (solver: IFailurePolicy<'Solver>) : 'Solver = solver.WithOnFail policy

/// How the solution of an equation F(z, θ) = 0 is differentiated.
[<AutoOpen>]
module ImplicitDerivatives =
    /// By the implicit function theorem, its linear system solved in this way: `via (Exact cg)`. The default, by what suits the method:
    /// `gmres |> richardson -1.0` for those that multiply with ∂F/∂z alone; for `newton` as it solves its steps; for descents a factor of the Hessian, beyond 100 unknowns `cg`.
    let Exact (solver: LinearSolver) : ImplicitDerivative = ImplicitDerivative.Exact solver

    /// As if the solution were one step of the equation away: cheap, and exact only where the equation hardly depends on z.
    let OneStep: ImplicitDerivative = ImplicitDerivative.OneStep()

    /// Through so many steps z ← (1 − τ)z + τ·f(z) taken from the solution.
    let Phantom (steps: int) (damping: float) : ImplicitDerivative = ImplicitDerivative.Phantom(steps, damping)

    /// By so many terms of the Neumann series after the first, which is `OneStep`.
    let Neumann (terms: int) : ImplicitDerivative = ImplicitDerivative.Neumann terms

    /// Through every step that the solver took, which are taken once more: memory and time grow with their number.
    let Unrolled: ImplicitDerivative = ImplicitDerivative.Unrolled()
