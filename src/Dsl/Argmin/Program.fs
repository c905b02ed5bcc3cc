namespace Implicit

open System
open System.Collections.Generic
open Implicit.Trees

/// Optimisation problems and their solutions as ordinary functions.
[<AutoOpen>]
module Programs =
    /// <summary>The problem of minimising a function: <c>minimise (fun x -> 0.5 * sumsq (x - v))</c>.</summary>
    /// <param name="objective">Returns a scalar. What it captures is data: the solution is differentiable with respect to it.</param>
    /// <returns>The problem without constraints.</returns>
    let minimise (objective: 'X -> Tensor) : ConvexProgram<'X> = ConvexProgram.Minimise(Codecs.func objective)

    /// <summary>Adds constraints: <c>program |> subjectTo (fun x -> [ sum x .== 1.0; x .>= 0.0 ])</c>.</summary>
    /// <param name="constraints">
    /// Returns comparisons by <c>.==</c>, <c>.&lt;=</c> or <c>.>=</c>, each of any shape: they are the masks that these operators give everywhere,
    /// and all their elements must hold.
    /// </param>
    /// <param name="program">The problem.</param>
    /// <returns>The problem with these constraints after those that it has.</returns>
    let subjectTo (constraints: 'X -> Tensor list) (program: ConvexProgram<'X>) : ConvexProgram<'X> =
        program.SubjectTo(Func<_, _>(fun x -> constraints x :> IReadOnlyList<Tensor>))

    /// <summary>The minimiser of a problem, differentiable with respect to every tensor that the problem captures.</summary>
    /// <param name="solver">How to solve: <c>interiorPoint</c> for convex quadratic and linear programs, <c>lbfgs</c> and its like without constraints.</param>
    /// <param name="program">The problem.</param>
    /// <param name="x0">Gives the variable's form; where methods that need a start begin.</param>
    /// <returns>The minimiser.</returns>
    /// <exception cref="T:Implicit.TensorException">The problem is not of the kind that the solver solves; the message names what is not.</exception>
    /// <exception cref="T:Implicit.SolveException">There is no minimiser, or it was not found; the message says why and what to try.</exception>
    let argmin (solver: IArgminSolver) (program: ConvexProgram<'X>) (x0: 'X) : 'X = solver.Argmin(program, x0)
