namespace Implicit

open Implicit.Trees

type private CoreMinimise = Implicit.Minimise

/// The methods that minimise without constraints.
[<AutoOpen>]
module MinimiseSolvers =
    let private by (method: MinimiseMethod) = MinimiseOptions(Method = method)

    /// BFGS, which learns the whole inverse Hessian: for up to some hundred unknowns.
    let bfgs = by (MinimiseMethod.Bfgs())

    /// L-BFGS, which remembers the last ten steps: for many unknowns.
    let lbfgs = by (MinimiseMethod.Lbfgs())

    /// L-BFGS that remembers so many steps.
    let lbfgsOf (memory: int) = by (MinimiseMethod.Lbfgs memory)

    /// Newton's method by conjugate gradients within a trust region.
    let newtonCg = by (MinimiseMethod.NewtonCg())

/// Minima of functions without constraints, with the full account of the solve.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Minimise =
    /// <summary>Solves now and gives the full account: value, status, steps, trace. Never raises for numerical failure.</summary>
    /// <param name="solver">How to solve: <c>lbfgs</c>, <c>bfgs</c>, <c>newtonCg</c>.</param>
    /// <param name="f">Returns a scalar.</param>
    /// <param name="x0">Where to begin: any tree of tensors of one element type.</param>
    /// <returns>The solution; after a failure the lowest point.</returns>
    /// <exception cref="T:Implicit.TensorException">f does not return a scalar, or something is being differentiated through.</exception>
    let solve (solver: MinimiseOptions) (f: 'X -> Tensor) (x0: 'X) : Solution<'X> =
        CoreMinimise.Solve(Codecs.func f, x0, solver)

    /// <summary>
    /// Minimises for each item of a batch now, all at once, and gives an account of each. An item ends by itself; its minimiser is to the bit
    /// what it is alone, whatever becomes of the others.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="f">data x, for one item; returns a scalar.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="x0">Where to begin: the items along axis 0 of every tensor.</param>
    /// <returns>The minimisers along axis 0, and a report for each; after a failure the item's lowest point.</returns>
    /// <exception cref="T:Implicit.TensorException">The types do not fit, or something is being differentiated through.</exception>
    let solveEach (solver: MinimiseOptions) (f: 'D -> 'X -> Tensor) (data: 'D) (x0: 'X) : Solution<'X> =
        CoreMinimise.SolveEach(Codecs.func2 f, data, x0, solver)
