module Implicit.Tests.ArgminTests

open Implicit
open Implicit.Tests.Values
open Xunit

let private project v =
    let program =
        minimise (fun x -> 0.5 * sumsq (x - v)) |> subjectTo (fun x -> [ sum x .== 1.0; x .>= 0.0 ])

    argmin interiorPoint program v

[<Fact>]
let ``an optimisation layer is ordinary tensor code`` () =
    let v = tensor [ 1.0; 0.4; -0.2 ]
    near 1e-8 (tensor [ 0.8; 0.2; 0.0 ]) (project v)
    near 1e-8 (tensor [ [ 0.5; -0.5; 0.0 ]; [ -0.5; 0.5; 0.0 ]; [ 0.0; 0.0; 0.0 ] ]) (jacobian project v)
    near 1e-8 (Projection.simplex v) (project v)
    let batch = tensor [ [ 1.0; 0.4; -0.2 ]; [ 0.0; 3.0; 0.1 ] ]
    near 1e-8 (Projection.simplex batch) (vmap project batch)

type private Point = { Place: Tensor; Slack: Tensor }

[<Fact>]
let ``the variable is any tree, and the account follows its constraints`` () =
    let program =
        minimise (fun p -> sumsq p.Place + 10.0 * sum p.Slack)
        |> subjectTo (fun p -> [ p.Slack .>= 0.0 ])
        |> subjectTo (fun p -> [ p.Place + p.Slack .>= tensor [ 1.0; 6.0 ] ])

    let solution = Argmin.solve interiorPoint program { Place = zeros [ 2 ]; Slack = zeros [ 2 ] }
    Assert.Equal(QpStatus.Solved, solution.Status)
    near 1e-7 (tensor [ 1.0; 5.0 ]) solution.Value.Place
    near 1e-7 (tensor [ 0.0; 1.0 ]) solution.Value.Slack
    near 1e-7 (tensor [ 8.0; 0.0 ]) solution.Duals[0]
    near 1e-7 (tensor [ 2.0; 10.0 ]) solution.Duals[1]
    near 1e-7 (scalar 36.0) solution.Objective

[<Fact>]
let ``a solver is a value`` () =
    let solver = interiorPoint |> tol 1e-12 1e-9 |> maxSteps 50 |> via Strict
    Assert.Equal((1e-12, 1e-9, 50), (solver.RelativeTolerance, solver.AbsoluteTolerance, solver.MaxSteps))
    let kink = minimise (fun x -> sumsq x) |> subjectTo (fun x -> [ x .>= 0.0 ])
    near 1e-6 (zeros [ 2 ]) (argmin solver kink (zeros [ 2 ]))
    let shifted (c: Tensor) = argmin solver (minimise (fun x -> sumsq (x - c)) |> subjectTo (fun x -> [ x .>= 0.0 ])) c

    Assert.Throws<SolveException>(fun () -> (grad (shifted >> sum) (zeros [ 2 ])).ToArray() |> ignore)
    |> ignore

[<Fact>]
let ``what is not convex quadratic is named`` () =
    let program = minimise (fun x -> sum (exp x)) |> subjectTo (fun x -> [ x .>= 0.0 ])
    let message = errorOf (fun () -> argmin interiorPoint program (zeros [ 2 ]))
    Assert.StartsWith("[argmin] the objective must be", message)
    Assert.Contains("exp(x) : float64[2], which is no polynomial of x", message)

    let strict = minimise (fun x -> sumsq x) |> subjectTo (fun x -> [ x .> 0.0 ])
    Assert.Contains("constraint 1", errorOf (fun () -> argmin interiorPoint strict (zeros [ 2 ])))

[<Fact>]
let ``projections in closed form`` () =
    let x = tensor [ 1.5; -0.5; 0.2 ]
    same (tensor [ 1.0; -0.2; 0.2 ]) (x |> Projection.box -0.2 1.0)
    near 1e-15 (tensor [ 2.0; 0.0; 0.0 ] * 0.5) (x |> Projection.simplex)
    near 1e-15 (tensor [ 1.65; 0.0; 0.35 ]) (x |> Projection.simplexOf 2.0)
    near 1e-15 (x / norm x) (x |> Projection.ball 1.0)
    near 1e-15 (tensor [ 1.0; 0.0; 0.0 ]) (x |> Projection.softThreshold 0.5)

    near
        1e-14
        (tensor [ 1.5; -0.5; 0.2 ] - 0.4 / 3.0 * ones [ 3 ] * 0.5)
        (x |> Projection.affine (ones [ 1; 3 ]) (tensor [ 1.0 ]))
