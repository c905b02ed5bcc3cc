namespace Implicit

open Implicit.Trees

type private CoreLeastSquares = Implicit.LeastSquares

/// The methods that minimise sums of squares.
[<AutoOpen>]
module LeastSquaresSolvers =
    let private by (method: LeastSquaresMethod) = LeastSquaresOptions(Method = method)

    /// Gauss–Newton with a line search: for residuals that nearly vanish, from a start nearby.
    let gaussNewton = by (LeastSquaresMethod.GaussNewton())

    /// Levenberg–Marquardt: the usual choice.
    let levenbergMarquardt = by (LeastSquaresMethod.LevenbergMarquardt())

    /// Powell's dogleg within a trust region.
    let dogleg = by (LeastSquaresMethod.Dogleg())

/// Nonlinear least squares, with the full account of the solve.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module LeastSquares =
    /// <summary>Solves now and gives the full account: value, status, steps, trace. Never raises for numerical failure.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="residuals">What should vanish: any tree of tensors.</param>
    /// <param name="x0">Where to begin: any tree of tensors of one element type.</param>
    /// <returns>The solution; after a failure the lowest point.</returns>
    /// <exception cref="T:Implicit.TensorException">The types do not fit, or something is being differentiated through.</exception>
    let solve (solver: LeastSquaresOptions) (residuals: 'X -> 'R) (x0: 'X) : Solution<'X> =
        CoreLeastSquares.Solve(Codecs.func residuals, x0, solver)

    /// <summary>
    /// Minimises for each item of a batch now, all at once, and gives an account of each. An item ends by itself; its minimiser is to the bit
    /// what it is alone, whatever becomes of the others.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="residuals">data x, for one item; any tree of tensors that should vanish.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="x0">Where to begin: the items along axis 0 of every tensor.</param>
    /// <returns>The minimisers along axis 0, and a report for each; after a failure the item's lowest point.</returns>
    /// <exception cref="T:Implicit.TensorException">The types do not fit, or something is being differentiated through.</exception>
    let solveEach (solver: LeastSquaresOptions) (residuals: 'D -> 'X -> 'R) (data: 'D) (x0: 'X) : Solution<'X> =
        CoreLeastSquares.SolveEach(Codecs.func2 residuals, data, x0, solver)

/// Nonlinear least squares as an ordinary function.
[<AutoOpen>]
module LeastSquaresFit =
    /// <summary>
    /// The x that minimises ½‖r(x)‖². It is differentiable with respect to every tensor that the residuals capture, in both modes and to any order.
    /// </summary>
    /// <param name="solver">How to solve: <c>levenbergMarquardt</c>, <c>dogleg</c>, <c>gaussNewton</c>.</param>
    /// <param name="residuals">What should vanish: any tree of tensors.</param>
    /// <param name="x0">Where to begin: a tensor, or any tree of tensors of one element type.</param>
    /// <returns>The minimiser, of the form of x0.</returns>
    /// <exception cref="T:Implicit.TensorException">The residuals are not of the variable's element type.</exception>
    /// <exception cref="T:Implicit.SolveException">The tolerance was not reached, or a derivative does not exist; the message says why.</exception>
    let leastSquares (solver: LeastSquaresOptions) (residuals: 'X -> 'R) (x0: 'X) : 'X =
        CoreLeastSquares.Fit(Codecs.func residuals, x0, solver)
