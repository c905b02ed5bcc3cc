module Implicit.Tests.LinearTests

open System
open Implicit
open Implicit.Tests.Values
open Xunit

let private matrix = tensor [ [ 4.0; 1.0; 0.5 ]; [ 0.2; 3.0; -1.0 ]; [ -0.3; 0.6; 5.0 ] ]
let private b = tensor [ 1.0; -2.0; 3.0 ]

[<Fact>]
let ``every method solves, and differentiates by the right side and by the operator`` () =
    let spd = transpose matrix *@ matrix

    for solver in [ gmres; gmresRestart 3; cg; bicgstab; lsmr; direct; pseudoinverse ] do
        let solver =
            match solver with
            | :? LinearSolver.Krylov -> solver |> tol 1e-13 0.0 |> maxSteps 200
            | _ -> solver

        let x = b |> linearSolve solver (LinearOperator.positiveDefinite spd)
        near 1e-10 b (spd *@ x)

        let gradient = spd |> grad (fun a -> sum (b |> linearSolve solver (LinearOperator.dense a)))

        let adjoint = Algebra.solve (transpose spd) (ones [ 3 ])
        near 1e-9 (-(outer adjoint x)) gradient

[<Fact>]
let ``what changes any solver changes a linear one`` () =
    let a = LinearOperator.dense matrix
    let loose = LinearSystem.solve (gmres |> rtol 0.5) a b
    Assert.Equal(0.5 * float (norm b), loose.Report.Tolerance, 1e-12)
    Assert.True(loose.Iterations < (LinearSystem.solve gmres a b).Iterations)
    let absolute = LinearSystem.solve (bicgstab |> tol 0.0 2.0) a b
    Assert.Equal(2.0, absolute.Report.Tolerance)
    Assert.Equal(2.0, (LinearSystem.solve (cg |> rtol 0.0 |> atol 2.0) a b).Report.Tolerance)
    let limited = LinearSystem.solve (gmres |> maxSteps 1) a b
    Assert.Equal(LinearStatus.MaxStepsReached, limited.Status)

    for solver in [ direct; pseudoinverse ] do
        Assert.Throws<TensorException>(fun () -> solver |> tol 1e-3 0.0 |> ignore) |> ignore
        Assert.Throws<TensorException>(fun () -> solver |> maxSteps 3 |> ignore) |> ignore

[<Fact>]
let ``operators are values: parts, transposes, inverses, Jacobians`` () =
    let f z = tanh (matrix *@ z) + 2.0 * z
    let j = LinearOperator.jacobian f b
    near 1e-12 (jacobian f b) (LinearOperator.toMatrix j)
    let a = 2.0 * LinearOperator.lower matrix - LinearOperator.diagonal b + LinearOperator.identity b
    near 1e-12 (2.0 * tril matrix - diag b + eye 3) (LinearOperator.toMatrix a)
    let inverse = a |> LinearOperator.inverse direct
    near 1e-12 b (LinearOperator.apply inverse (LinearOperator.apply a b))
    near 1e-12 b (LinearOperator.apply (LinearOperator.transpose inverse) (LinearOperator.apply a.T b))
    let twice = LinearOperator.ofFunctions (fun x -> 2.0 * x) (fun w -> 2.0 * w) b |> LinearOperator.verify
    near 1e-12 (0.5 * b) (b |> linearSolve (checking gmres) twice)

[<Fact>]
let ``preconditioners save steps`` () =
    let d = exp (linspace 0.0 7.0 20)
    let a = LinearOperator.diagonal d + LinearOperator.symmetric (0.01 * ones [ 20; 20 ])
    let m = LinearOperator.diagonal (1.0 / d)
    let right = ones [ 20 ]
    let plain = LinearSystem.solve gmres a right

    for solver in
        [
            gmres |> preconditioned m
            gmres |> preconditionedLeft m
            cg |> preconditioned m
            bicgstab |> preconditioned m
        ] do
        let solution = LinearSystem.solve solver a right
        Assert.True solution.IsSuccess
        Assert.True(solution.Iterations < plain.Iterations)

    Assert.Throws<TensorException>(fun () -> direct |> preconditioned m |> ignore) |> ignore

[<Fact>]
let ``gmres begins with richardson's iteration where it is told to`` () =
    let a = LinearOperator.diagonal (linspace 0.7 1.3 60)
    let right = ones [ 60 ]
    let solution = LinearSystem.solve (gmres |> richardson 1.0) a right
    Assert.True solution.IsSuccess
    Assert.True(solution.Iterations > (LinearSystem.solve gmres a right).Iterations)
    Assert.Throws<TensorException>(fun () -> cg |> richardson 1.0 |> ignore) |> ignore

[<Fact>]
let ``failures are values, or errors that say why`` () =
    let shift = tensor [ [ 0.0; 0.0; 1.0 ]; [ 1.0; 0.0; 0.0 ]; [ 0.0; 1.0; 0.0 ] ] |> LinearOperator.dense
    let first = tensor [ 1.0; 0.0; 0.0 ]

    match first |> LinearSystem.trySolve (gmresRestart 2) shift with
    | Ok _ -> failwith "a stagnated solve is no solution"
    | Error solution -> Assert.Equal(LinearStatus.Stagnated, solution.Status)

    let error =
        Assert.Throws<SolveException>(fun () -> first |> linearSolve (gmresRestart 2) shift |> ignore)

    Assert.Contains("Stagnated", error.Message, StringComparison.Ordinal)
    let warm = first |> LinearSystem.solveFrom (gmresRestart 2) shift (tensor [ 0.0; 0.0; 1.0 ])
    Assert.Equal(0, warm.Iterations)
