module Implicit.Tests.ProgramTests

open Implicit
open Implicit.Tests.Values
open Xunit

/// Exact for objectives whose Hessian is twice the identity.
let private oneStep =
    { new IArgminSolver with
        member _.Argmin(program, x0) = Tree.map2 (fun x g -> x - 0.5 * g) x0 (grad program.Objective.Invoke x0)

        member solver.Solve(program, x0) =
            let x = solver.Argmin(program, x0)

            { new ArgminSolution<_>(x) with
                member _.Duals = [||]
                member _.Objective = program.Objective.Invoke x
                member _.Status = QpStatus.Solved
                member _.Message = "one step"
                member _.Iterations = 1
            }
    }

[<Fact>]
let ``a program is ordinary functions, solved by whatever is a solver`` () =
    let v = tensor [ 1.0; 2.0; 3.0 ]
    let program = minimise (fun x -> sumsq (x - v))
    near 1e-14 v (zeros [ 3 ] |> argmin oneStep program)
    near 1e-14 (scalar 0.0) (zeros [ 3 ] |> Argmin.solve oneStep program).Objective
    let pair = minimise (fun (a: Tensor, b: Tensor) -> sumsq (a - v) + sumsq (b + 1.0))
    let a, b = (zeros [ 3 ], zeros [ 2 ]) |> argmin oneStep pair
    near 1e-14 v a
    near 1e-14 (full [ 2 ] -1.0) b

[<Fact>]
let ``constraints are comparisons, kept in the order in which they were added`` () =
    let program =
        minimise (fun x -> sum x)
        |> subjectTo (fun x -> [ sum x .== 1.0; x .>= 0.0 ])
        |> subjectTo (fun x -> [ x .<= 2.0 ])

    match
        [
            for constraints in program.Constraints do
                yield! constraints.Invoke(tensor [ 3.0; -2.0 ])
        ]
    with
    | [ total; lower; upper ] ->
        same (tensor true) total
        same (tensor [ true; false ]) lower
        same (tensor [ false; true ]) upper
    | masks -> Assert.Fail $"{masks.Length} masks"

[<Fact>]
let ``a branch that the unknowns do not choose is as convex as what it chooses`` () =
    let nearest (s: Tensor) =
        let program =
            minimise (fun z -> cond (s .> 0.0) (fun z -> sumsq (z - s)) (fun z -> 2.0 * sumsq (z + 1.0)) z)
            |> subjectTo (fun z -> [ z .<= 0.5 ])

        zeros [ 2 ] |> argmin interiorPoint program

    near 1e-8 (tensor [ 0.25; 0.25 ]) (nearest (scalar 0.25))
    near 1e-8 (tensor [ -1.0; -1.0 ]) (nearest (scalar -0.25))
    near 1e-7 (scalar 2.0) (grad (nearest >> sum) (scalar 0.25))
