namespace Implicit

open Implicit.Trees

type private CoreFixedPoint = Implicit.FixedPoint

/// Fixed points z = f(z), with the full account of the solve.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module FixedPoint =
    /// <summary>Solves now and gives the full account: value, status, steps, residuals. Never raises for numerical failure.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="f">Returns the type of the state.</param>
    /// <param name="z0">Where to start: any tree of tensors of one element type.</param>
    /// <returns>The solution; after a failure the best iterate.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    let solve (solver: EquationOptions) (f: 'Z -> 'Z) (z0: 'Z) : Solution<'Z> =
        CoreFixedPoint.Solve(Codecs.func f, z0, solver)

    /// <summary>
    /// Solves a batch of problems now, all at once, and gives an account of each. An item ends by itself; its solution is to the bit what it is
    /// alone, whatever becomes of the others.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="f">data z, for one item; returns the type of z.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="z0">Where to start: the items along axis 0 of every tensor.</param>
    /// <returns>The solutions along axis 0, and a report for each; after a failure the item's best iterate.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    let solveEach (solver: EquationOptions) (f: 'X -> 'Z -> 'Z) (data: 'X) (z0: 'Z) : Solution<'Z> =
        CoreFixedPoint.SolveEach(Codecs.func2 f, data, z0, solver)

type private CoreRoot = Implicit.Root

/// Roots F(z) = 0 of as many equations as unknowns, with the full account of the solve.
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Root =
    /// <summary>Solves now and gives the full account: value, status, steps, residuals. Never raises for numerical failure.</summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="f">F; returns the type of the unknowns.</param>
    /// <param name="z0">Where to start: any tree of tensors of one element type.</param>
    /// <returns>The solution; after a failure the best iterate.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    let solve (solver: EquationOptions) (f: 'Z -> 'Z) (z0: 'Z) : Solution<'Z> =
        CoreRoot.Solve(Codecs.func f, z0, solver)

    /// <summary>
    /// Solves a batch of problems now, all at once, and gives an account of each. An item ends by itself; its solution is to the bit what it is
    /// alone, whatever becomes of the others.
    /// </summary>
    /// <param name="solver">How to solve.</param>
    /// <param name="f">data z, for one item; returns the type of z.</param>
    /// <param name="data">The items' data along axis 0 of every tensor.</param>
    /// <param name="z0">Where to start: the items along axis 0 of every tensor.</param>
    /// <returns>The solutions along axis 0, and a report for each; after a failure the item's best iterate.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together, or something is being differentiated through.</exception>
    let solveEach (solver: EquationOptions) (f: 'X -> 'Z -> 'Z) (data: 'X) (z0: 'Z) : Solution<'Z> =
        CoreRoot.SolveEach(Codecs.func2 f, data, z0, solver)

/// The solutions of equations as ordinary functions.
[<AutoOpen>]
module Equations =
    /// <summary>
    /// The z with z = f(z). It is differentiable with respect to every tensor that f captures; the start has a derivative only `via Unrolled`.
    /// </summary>
    /// <param name="solver">How to solve: <c>anderson 5</c>, <c>picard |> damp 0.5 |> via OneStep</c>, …</param>
    /// <param name="f">Returns the type of the state.</param>
    /// <param name="z0">Where to start: a tensor, or any tree of tensors of one element type.</param>
    /// <returns>z, of the type of the start.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together.</exception>
    /// <exception cref="T:Implicit.SolveException">The tolerance was not reached; the message says why, where and what to try.</exception>
    let fixedPoint (solver: EquationOptions) (f: 'Z -> 'Z) (z0: 'Z) : 'Z =
        CoreFixedPoint.Find(Codecs.func f, z0, solver)

    /// <summary>
    /// A z with F(z) = 0. It is differentiable with respect to every tensor that F captures; the start has a derivative only `via Unrolled`.
    /// </summary>
    /// <param name="solver">How to solve: <c>newton</c>, <c>broyden 10 |> tol 1e-8 0.0</c>, …</param>
    /// <param name="f">F; returns the type of the unknowns.</param>
    /// <param name="z0">Where to start: a tensor, or any tree of tensors of one element type.</param>
    /// <returns>z, of the type of the start.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together.</exception>
    /// <exception cref="T:Implicit.SolveException">The tolerance was not reached; the message says why, where and what to try.</exception>
    let root (solver: EquationOptions) (f: 'Z -> 'Z) (z0: 'Z) : 'Z = CoreRoot.Find(Codecs.func f, z0, solver)

    /// <summary>
    /// The answer of a solver that is not seen through, made differentiable by the equation that it satisfies, z = f(data, z): with respect to the
    /// data and whatever the equation captures. The solver may read values and call anything.
    /// </summary>
    /// <param name="how">How the answer is differentiated.</param>
    /// <param name="solve">data start → z. It is called with values, never while tracing; tensors that it captures are constants.</param>
    /// <param name="f">data z → the type of z, in differentiable operations.</param>
    /// <param name="data">The data: any tree of tensors.</param>
    /// <param name="z0">Where to start: it gives the types of z.</param>
    /// <returns>z.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together.</exception>
    /// <exception cref="T:Implicit.SolveException">The answer does not satisfy the equation to 1e-6 (float32: 1e-3).</exception>
    let customFixedPoint
        (how: ImplicitDerivative)
        (solve: 'X -> 'Z -> 'Z)
        (f: 'X -> 'Z -> 'Z)
        (data: 'X)
        (z0: 'Z)
        : 'Z =
        CoreFixedPoint.Custom(Codecs.func2 solve, Codecs.func2 f, data, z0, EquationOptions(Derivative = how))

    /// <summary>
    /// The answer of a solver that is not seen through, made differentiable by the equation that it satisfies, F(data, z) = 0: with respect to the
    /// data and whatever the equation captures. The solver may read values and call anything.
    /// </summary>
    /// <param name="how">How the answer is differentiated.</param>
    /// <param name="solve">data start → z. It is called with values, never while tracing; tensors that it captures are constants.</param>
    /// <param name="f">data z → the type of z, in differentiable operations.</param>
    /// <param name="data">The data: any tree of tensors.</param>
    /// <param name="z0">Where to start: it gives the types of z.</param>
    /// <returns>z.</returns>
    /// <exception cref="T:Implicit.TensorException">The arguments do not fit together.</exception>
    /// <exception cref="T:Implicit.SolveException">The answer does not satisfy the equation to 1e-6 (float32: 1e-3).</exception>
    let customRoot (how: ImplicitDerivative) (solve: 'X -> 'Z -> 'Z) (f: 'X -> 'Z -> 'Z) (data: 'X) (z0: 'Z) : 'Z =
        CoreRoot.Custom(Codecs.func2 solve, Codecs.func2 f, data, z0, EquationOptions(Derivative = how))
