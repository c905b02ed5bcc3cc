namespace Implicit

/// How a fixed point or a root is found: a method with its tolerances and way to differentiate. Copy and update, or pipe:
/// `anderson 5 |> tol 1e-8 0.0 |> via OneStep`.
[<NoComparison; NoEquality>]
type EquationSolver =
    {
        /// The method, such as `Anderson()`; any value of a type that derives from `EquationMethod`.
        Method: EquationMethod
        /// The residual allowed, relative to ‖f(z)‖ for a fixed point and to ‖F(z₀)‖ for a root; by element type if None.
        RelativeTolerance: float option
        /// The residual allowed beside that, in its own units, as a root mean square; by element type if None.
        AbsoluteTolerance: float option
        /// The most steps.
        MaxSteps: int
        /// How the solution is differentiated.
        Derivative: ImplicitDerivative
        /// A tensor [4] whose gradient is the account of the adjoint solve, which then does not raise; see `certified`.
        Certificate: Tensor option
    }

    member internal solver.Options =
        EquationOptions(
            Method = solver.Method,
            RelativeTolerance = Option.toNullable solver.RelativeTolerance,
            AbsoluteTolerance = Option.toNullable solver.AbsoluteTolerance,
            MaxSteps = solver.MaxSteps,
            Derivative = solver.Derivative,
            Certificate = Option.toObj solver.Certificate
        )

    interface IVia<ImplicitDerivative, EquationSolver> with
        member solver.Via derivative = { solver with Derivative = derivative }

    interface ITolerances<EquationSolver> with
        member solver.Rtol relative = { solver with RelativeTolerance = Some relative }
        member solver.Atol absolute = { solver with AbsoluteTolerance = Some absolute }

    interface IStepLimit<EquationSolver> with
        member solver.LimitedTo count = { solver with MaxSteps = count }

/// The methods for fixed points and roots. Each solves both: a fixed point of f is a root of f(z) − z.
[<AutoOpen>]
module EquationSolvers =
    let private by (method: EquationMethod) =
        let core = EquationOptions()

        {
            Method = method
            RelativeTolerance = Option.ofNullable core.RelativeTolerance
            AbsoluteTolerance = Option.ofNullable core.AbsoluteTolerance
            MaxSteps = core.MaxSteps
            Derivative = core.Derivative
            Certificate = None
        }

    /// Plain iteration z ← f(z).
    let picard = by (Picard())

    /// Anderson acceleration over the last `memory` differences of iterates.
    let anderson (memory: int) = by (Anderson memory)

    /// Broyden's method with at most `memory` updates before it begins again.
    let broyden (memory: int) = by (Broyden memory)

    /// Newton's method with the matrix of ∂F/∂z, and shorter steps where they are needed.
    let newton = by (Newton())

    /// Newton's method whose linear systems are solved in a given way, such as `gmres`: by products alone.
    let newtonBy (solver: LinearSolver) = by (Newton solver)

    /// Reports on the adjoint solve beside the gradient instead of raising: the gradient with respect to `certificate`, a tensor of 4 zeros of
    /// the state's element type, is what `LinearReport.Read` reads. One certificate for each solve; under vmap, for each item.
    let certified (certificate: Tensor) (solver: EquationSolver) : EquationSolver =
        { solver with Certificate = Some certificate }

    /// Damps a method that can be damped: `picard |> damp 0.5`.
    let damp (damping: float) (solver: EquationSolver) : EquationSolver =
        { solver with Method = solver.Method.Damped damping }
