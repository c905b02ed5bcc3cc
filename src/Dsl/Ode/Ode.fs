namespace Implicit

open Implicit.Trees

type private CoreOde = Implicit.Ode

/// Initial value problems of ordinary differential equations, y′ = f(t, y), y(t₀) = y₀, with the full account of the solve.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Ode =
    /// Dormand and Prince's method of order 5 at relative tolerance 1e-7 and absolute 1e-9, checkpointed.
    let defaults: OdeSolver = OdeSolvers.defaults

    /// <summary>
    /// Solves now and gives the full account: status, cost, and the state at any time between (`At`, whose first call solves once more to keep the steps).
    /// Never raises for numerical failure.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="field">f t y, with t a scalar.</param>
    /// <param name="ts">[m], strictly ascending or descending; the first is t₀.</param>
    /// <param name="y0">The initial state: any tree of tensors.</param>
    /// <returns>The solution; after a failure, the values at the times that were reached.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    let solve (solver: OdeSolver) (field: Tensor -> 'Y -> 'Y) (ts: Tensor) (y0: 'Y) : OdeSolution<'Y> =
        CoreOde.Solve(Codecs.func2 field, ts, y0, solver.Options)

    /// <summary>
    /// Solves a batch of problems now, item by item, and gives an account of each. An item's solution is to the bit what it is alone, whatever becomes
    /// of the others: those that fail can be left out of a batch that is then differentiated through `odeint`.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="field">f data t y, for one item, with t a scalar.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="ts">[m], strictly ascending or descending; the first is t₀.</param>
    /// <param name="y0">The initial states: the items along axis 0 of every tensor.</param>
    /// <returns>The solutions.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    let solveEach
        (solver: OdeSolver)
        (field: 'D -> Tensor -> 'Y -> 'Y)
        (data: 'D)
        (ts: Tensor)
        (y0: 'Y)
        : OdeSolutions<'Y> =
        CoreOde.SolveEach(Codecs.func3 field, data, ts, y0, solver.Options)

    /// <summary>Solves now; a numerical failure is an error value.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="field">f t y, with t a scalar.</param>
    /// <param name="ts">[m], strictly ascending or descending; the first is t₀.</param>
    /// <param name="y0">The initial state: any tree of tensors.</param>
    /// <returns>The solution, or what is known of one that failed.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    let trySolve
        (solver: OdeSolver)
        (field: Tensor -> 'Y -> 'Y)
        (ts: Tensor)
        (y0: 'Y)
        : Result<OdeSolution<'Y>, OdeSolution<'Y>> =
        let solution = solve solver field ts y0
        if solution.IsSuccess then Ok solution else Error solution

/// The solution of differential equations as an ordinary function.
[<AutoOpen>]
module Odeint =
    /// <summary>
    /// The solution of y′ = f(t, y), y(t₀) = y₀, at given times. It is differentiable with respect to y₀, the times, and every tensor that the
    /// field captures.
    /// </summary>
    /// <param name="solver">How to solve: <c>dopri5</c>, <c>tsit5 |> tol 1e-6 1e-9 |> via Backsolve</c>, …</param>
    /// <param name="field">f t y, with t a scalar of the state's element type.</param>
    /// <param name="ts">[m], strictly ascending or descending; the first is t₀.</param>
    /// <param name="y0">The initial state: a tensor, or any tree of tensors.</param>
    /// <returns>The state at the times: each tensor has a time axis of extent m in front.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together.</exception>
    /// <exception cref="T:Implicit.SolveException">The last time was not reached; the message says why, where and what to try.</exception>
    let odeint (solver: OdeSolver) (field: Tensor -> 'Y -> 'Y) (ts: Tensor) (y0: 'Y) : 'Y =
        CoreOde.Integrate(Codecs.func2 field, ts, y0, solver.Options)
