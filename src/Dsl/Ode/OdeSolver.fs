namespace Implicit

open System

/// How a differential equation is solved: a method with its tolerances, steps and way to differentiate. Copy and update, or pipe:
/// `dopri5 |> tol 1e-6 1e-9 |> via Backsolve`.
[<NoComparison; NoEquality>]
type OdeSolver =
    {
        /// The Runge–Kutta method, such as `Tableau.Dopri5`.
        Method: Tableau
        /// The error allowed per step, relative to the state.
        RelativeTolerance: float
        /// The error allowed per step, in the units of the state.
        AbsoluteTolerance: float
        /// How steps are chosen.
        Steps: StepControl
        /// What is given where the last output time is not reached: an error, or NaN at every time.
        OnFail: OnFail
        /// How the solution is differentiated.
        Adjoint: Adjoint
        /// The most steps, accepted and rejected together; of the adjoint equation (Backsolve) between two output times.
        MaxSteps: int
        /// Adaptive steps smaller than this, in units of time, end the solve.
        MinStep: float
        /// Adaptive steps are no larger than this, in units of time.
        MaxStep: float
        /// The first adaptive step, in units of time; if None by Hairer's rule, or the whole span where that is little longer.
        FirstStep: float option
        /// The size of a scaled error, 1 at the tolerance, from one tensor per leaf of the state; the root mean square if None.
        Norm: (Tensor list -> Tensor) option
    }

    member internal solver.Options =
        OdeOptions(
            Method = solver.Method,
            RelativeTolerance = solver.RelativeTolerance,
            AbsoluteTolerance = solver.AbsoluteTolerance,
            Steps = solver.Steps,
            OnFail = solver.OnFail,
            Adjoint = solver.Adjoint,
            MaxSteps = solver.MaxSteps,
            MinStep = solver.MinStep,
            MaxStep = solver.MaxStep,
            FirstStep = Option.toNullable solver.FirstStep,
            Norm =
                match solver.Norm with
                | None -> null
                | Some norm -> Func<Tensor[], Tensor>(List.ofArray >> norm)
        )

    interface IVia<Adjoint, OdeSolver> with
        member solver.Via adjoint = { solver with Adjoint = adjoint }

    interface ITolerances<OdeSolver> with
        member solver.WithRelativeTolerance relative = { solver with RelativeTolerance = relative }
        member solver.WithAbsoluteTolerance absolute = { solver with AbsoluteTolerance = absolute }

    interface IStepLimit<OdeSolver> with
        member solver.WithMaxSteps count = { solver with MaxSteps = count }

    interface IFailurePolicy<OdeSolver> with
        member solver.WithOnFail policy = { solver with OnFail = policy }

/// The methods, and how to change one.
[<AutoOpen>]
module OdeSolvers =
    let internal defaults =
        let core = OdeOptions()

        {
            Method = core.Method
            RelativeTolerance = core.RelativeTolerance
            AbsoluteTolerance = core.AbsoluteTolerance
            Steps = core.Steps
            OnFail = core.OnFail
            Adjoint = core.Adjoint
            MaxSteps = core.MaxSteps
            MinStep = core.MinStep
            MaxStep = core.MaxStep
            FirstStep = Option.ofNullable core.FirstStep
            Norm = None
        }

    let private by tableau = { defaults with Method = tableau }

    /// Euler's method, order 1: one step per interval between output times unless `steps` says otherwise.
    let euler = by Tableau.Euler

    /// Heun's method, order 2: one step per interval between output times unless `steps` says otherwise.
    let heun = by Tableau.Heun

    /// The midpoint method, order 2: one step per interval between output times unless `steps` says otherwise.
    let midpoint = by Tableau.Midpoint

    /// The classical method of Runge and Kutta, order 4: one step per interval between output times unless `steps` says otherwise.
    let rk4 = by Tableau.Rk4

    /// Bogacki and Shampine's method, order 3: adaptive, for loose tolerances.
    let bosh3 = by Tableau.Bosh3

    /// Dormand and Prince's method, order 5: adaptive, the usual choice.
    let dopri5 = by Tableau.Dopri5

    /// Tsitouras's method, order 5: adaptive, a little cheaper than `dopri5`.
    let tsit5 = by Tableau.Tsit5

    /// Dormand and Prince's method, order 8: adaptive, for tight tolerances.
    let dopri8 = by Tableau.Dopri8

    /// Differentiates the steps taken and keeps what it can of each one, at least its state: memory grows with the number of steps.
    let Direct: Adjoint = Adjoint.Direct()

    /// Differentiates the steps taken and keeps so many states at a time: memory does not grow with the number of steps. The default, with 32.
    let Checkpointed (segments: int) : Adjoint = Adjoint.Checkpointed segments

    /// Solves the continuous adjoint equation backwards in time (Chen et al. 2018): its error is that of the solver.
    let Backsolve: Adjoint = Adjoint.Backsolve()

    /// Equal steps: each interval between output times is divided evenly into steps no longer than this.
    let fixedStep (size: float) : StepControl = StepControl.Fixed size

    /// Says how steps are chosen: `steps (fixedStep 0.1)`, `steps StepControl.PI`.
    let steps (control: StepControl) (solver: OdeSolver) : OdeSolver = { solver with Steps = control }
