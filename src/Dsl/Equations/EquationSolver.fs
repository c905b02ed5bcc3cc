namespace Implicit

/// The methods for fixed points and roots. Each solves both: a fixed point of f is a root of f(z) − z. Others, and these with all their numbers,
/// by `EquationOptions(Method = Anderson(5, Regularisation = 1e-8))`.
[<AutoOpen>]
module EquationSolvers =
    let private by (method: EquationMethod) = EquationOptions(Method = method)

    /// Plain iteration z ← f(z).
    let picard = by (Picard())

    /// Anderson acceleration over the last `memory` differences of iterates. For maps that hardly contract, `EquationOptions(Method = Anderson(5, Period = 2))`, of which every
    /// second step is plain, may take half the steps.
    let anderson (memory: int) = by (Anderson memory)

    /// Broyden's method with at most `memory` updates before it begins again.
    let broyden (memory: int) = by (Broyden memory)

    /// Newton's method with the matrix of ∂F/∂z, and shorter steps where they are needed.
    let newton = by (Newton())

    /// Newton's method whose linear systems are solved in a given way, such as `gmres`: by products alone.
    let newtonBy (solver: LinearSolver) = by (Newton solver)

    /// Reports on the adjoint solve beside the gradient instead of raising: the gradient with respect to `certificate`, a tensor of 4 zeros of
    /// the state's element type, is what `LinearReport.Read` reads. One certificate for each solve; under vmap, for each item.
    let certified (certificate: Tensor) (solver: EquationOptions) : EquationOptions = solver.Certified certificate

    /// Damps a method that can be damped: `picard |> damp 0.5`.
    let damp (damping: float) (solver: EquationOptions) : EquationOptions = solver.Damped damping

    /// <summary>
    /// Says that axis 0 of the state holds separate problems: `zerosLike x |> fixedPoint (anderson 5 |> perItem) (fun z -> tanh (z *@ w + x))`. Each is
    /// judged, accelerated and ended by itself, as if the function of one item were solved under vmap.
    /// </summary>
    /// <param name="solver">How each item is solved.</param>
    /// <returns>The solver; a function in which rows meet is an error.</returns>
    let perItem (solver: EquationOptions) : EquationOptions = solver.Separately()
