module Implicit.Tests.DescentTests

open System
open Implicit
open Implicit.Tests.Values
open Xunit

type Decay = { Amplitude: Tensor; Rate: Tensor }

let private t = linspace 0.0 2.0 9
let private truth = 2.0 * exp (-0.7 * t)

let private fit solver (data: Tensor) =
    { Amplitude = scalar 1.0; Rate = scalar 0.3 }
    |> leastSquares solver (fun p -> p.Amplitude * exp (-p.Rate * t) - data)

[<Fact>]
let ``every method fits a record, and differentiates the fit by the data`` () =
    for solver in [ gaussNewton; levenbergMarquardt; dogleg ] do
        let found = fit solver truth
        near 1e-9 (scalar 2.0) found.Amplitude
        near 1e-9 (scalar 0.7) found.Rate
        // The amplitude of scaled data is scaled.
        let slope = scalar 1.0 |> grad (fun s -> (fit solver (s * truth)).Amplitude)
        near 1e-8 (scalar 2.0) slope
        let account = LeastSquares.solve (solver |> maxSteps 1) (fun x -> 10.0 * (x * x - 2.0)) (scalar 9.0)
        Assert.Equal(SolveStatus.MaxStepsReached, account.Status)

[<Fact>]
let ``argmin of a program without constraints goes down by any method`` () =
    for solver in [ bfgs; lbfgs; lbfgsOf 3; newtonCg ] do
        let project v = argmin solver (minimise (fun x -> 0.5 * sumsq (x - v) + 0.25 * sum (x ** 4.0))) (zeros [ 3 ])
        let v = tensor [ 2.0; 10.0; 0.0 ]
        near 1e-9 (tensor [ 1.0; 2.0; 0.0 ]) (project v)
        // x + x³ = v.
        near 1e-9 (diag (1.0 / tensor [ 4.0; 13.0; 1.0 ])) (jacobian project v)
        let step = argmin (solver |> via (Neumann 0)) (minimise (fun x -> 0.5 * sumsq (x - v))) (zeros [ 3 ])
        near 1e-9 v step

    let constrained = minimise (fun (x: Tensor) -> sumsq x) |> subjectTo (fun x -> [ x .>= 1.0 ])
    let error = Assert.Throws<TensorException>(fun () -> argmin lbfgs constrained (zeros [ 2 ]) |> ignore)
    Assert.Contains("without constraints", error.Message, StringComparison.Ordinal)

    let refused =
        Assert.Throws<TensorException>(fun () -> Argmin.solve lbfgs constrained (zeros [ 2 ]) |> ignore)

    Assert.Equal(error.Message, refused.Message)

    let account =
        Minimise.solve (bfgs |> tol 1e-12 1e-12) (fun (x: Tensor) -> sumsq (x - 1.0)) (zeros [ 2 ])

    Assert.True account.IsSuccess
    Assert.Equal(account.Steps + 1, account.Trace.Count)

[<Fact>]
let ``a batch of descents has an account of each item`` () =
    let targets = tensor [ [ 1.0; 2.0 ]; [ -3.0; 0.5 ] ]

    let minima =
        zeros [ 2; 2 ] |> Minimise.solveEach lbfgs (fun target (x: Tensor) -> sumsq (x - target)) targets

    near 1e-9 targets minima.Value
    Assert.Equal(2, minima.Reports.Count)

    let roots =
        ones [ 3 ]
        |> LeastSquares.solveEach levenbergMarquardt (fun a (x: Tensor) -> x * x - a) (tensor [ 4.0; 9.0; 2.0 ])

    near 1e-9 (sqrt (tensor [ 4.0; 9.0; 2.0 ])) roots.Value

[<Fact>]
let ``the account of argmin takes whatever argmin takes`` () =
    let quartic = minimise (fun x -> sum (x ** 4.0) - 4.0 * sum x)

    // What is not quadratic goes to a descent, by itself or as asked for.
    for solver in [ interiorPoint :> IArgminSolver; lbfgs; (newtonCg |> tol 1e-10 1e-10) :> _ ] do
        let solution = Argmin.solve solver quartic (zeros [ 2 ])
        Assert.True(solution.IsSuccess, solution.Message)
        near 1e-9 (ones [ 2 ]) solution.Value
        near 1e-9 (scalar -6.0) solution.Objective
        Assert.Empty solution.Duals
        Assert.True(solution.Iterations > 0)
        Assert.Null solution.Program

    let short = Argmin.solve (lbfgs |> maxSteps 1) quartic (zeros [ 2 ])
    Assert.Equal(QpStatus.MaxIterations, short.Status)
    Assert.Contains("MaxStepsReached", short.Message, StringComparison.Ordinal)
    let unbounded = Argmin.solve lbfgs (minimise (fun x -> sum (x ** 3.0))) (-1.0 * ones [ 2 ])
    Assert.False unbounded.IsSuccess
