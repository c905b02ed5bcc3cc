// Which gradient of an ODE can be trusted? "Adaptive Checkpoint Adjoint" (Zhuang et al., ICML 2020).
// First a linear equation with a known gradient, then the masses of three bodies from their orbits.
#load "load.fsx"
open Implicit

// 1. z' = k z, loss z(T)²: the gradient by z(0) is 2 z(0) exp(2 k T). For k < 0 the backward solve of the continuous adjoint
// amplifies the error of the state by exp(-k T); the gradient of the steps taken does not.
let span, z0 = 5.0, 1.0

let error adjoint k =
    let solver = dopri5 |> tol 1e-5 1e-5 |> via adjoint
    let ts = tensor [ 0.0; span ]
    let loss (z0: Tensor) = z0 |> odeint solver (fun _ z -> k * z) ts |> index 0 1 |> square
    let exact = 2.0 * z0 * exp (2.0 * k * span)
    abs (float (grad loss (tensor z0)) - exact) / exact

let rates = [ -0.5 .. -0.5 .. -5.0 ]
let direct = rates |> List.map (error Direct)

// Where the amplified error is as large as the state, nothing of it came back: that is an error of the solver.
let backsolve =
    rates
    |> List.map (fun k ->
        try
            error Backsolve k
        with :? SolveException ->
            nan)

printfn "relative error of the gradient, T = %g" span
printfn "   k      direct   backsolve"
List.iter2 (fun k (d, b) -> printfn "%4g   %9.2g   %9.2g" k d b) rates (List.zip direct backsolve)
printfn "Where the solution sinks below the tolerance, from k = -2.5 on, neither gradient is right."

let errors =
    [ Plot.line "direct" rates direct; Plot.line "backsolve" rates backsolve ]
    |> Plot.panel "relative error of the gradient"
    |> Plot.labels "k" ""
    |> Plot.logY

// 2. Three bodies (masses 1.1, 1.1, 0.9) in units of Alpha Centauri: r' = κ₂ v, v' = κ₁ Σ m d / |d|³.
let second = 79.91 * 365.0 * 24.0 * 3600.0 * 0.51
let k1 = 6.67408e-11 * second * 1.989e30 / (5.326e12 ** 2.0 * 3.0e4)
let k2 = 3.0e4 * second / 5.326e12

let field masses _ (r: Tensor, v: Tensor) =
    let d = unsqueeze 0 r - unsqueeze 1 r // d[i, j] points from body i to body j
    let distance = sqrt (sumsqAlong [ 2 ] d + eye 3) // a body does not pull itself: there d is 0
    k2 * v, k1 * einsum "ij,ijk->ik" [ masses / distance ** 3.0; d ]

let start =
    tensor [ [ 0.0; 0.2; 0.0 ]; [ 0.5; 0.0; 0.5 ]; [ 0.0; 0.0; 0.5 ] ],
    tensor [ [ 0.0; 0.1; 0.0 ]; [ 0.0; 0.0; 0.1 ]; [ 0.1; 0.0; 0.0 ] ]

let orbits masses ts = start |> odeint (dopri5 |> tol 1e-7 1e-7 |> via Direct) (field masses) ts |> fst
let truth = tensor [ 1.1; 1.1; 0.9 ]
let ts = linspace 0.0 1.0 21
let observed = orbits truth ts

// The horizon grows with the fit: over the whole span a wrong mass leads nowhere near the data.
let iterations = if quick then 60 else 120
let adam = Optim.adam 0.05

let masses, _ =
    (full [ 3 ] 0.5, Optim.init adam truth)
    |> Progress.fold "masses of three bodies" iterations (fun step report (masses, state) ->
        let points = [ 6; 11; 21 ][3 * step / iterations]
        let loss masses = mean (square (orbits masses ts[.. points - 1] - observed[.. points - 1]))
        let value, gradient = valueAndGrad loss masses
        report "loss" (float value)
        masses |> Optim.step adam state gradient)

// Beyond the data, up to twice the span.
let later = linspace 0.0 2.0 401
let there, here = orbits truth later, orbits masses later
let extrapolation = float (mean (square (here - there)))

let orbit body =
    let plane (r: Tensor) = r[*, body, 0].ToArray(), r[*, body, 2].ToArray()

    [ plane there ||> Plot.line "true"; plane here ||> Plot.line "fitted" |> Plot.dashed ]
    |> Plot.panel $"body {body + 1}, fitted on the first half"
    |> Plot.labels "x" "z"

errors :: List.map orbit [ 0; 1; 2 ] |> Plot.grid 2 |> show "gradient-methods"

let massError = float (maxNorm ((masses - truth) / truth))
printfn $"masses {masses}, true {truth}"

let at k errors = List.zip rates errors |> List.find (fst >> (=) k) |> snd

at -2.0 backsolve / at -2.0 direct |> atLeast 50.0 "backsolve-over-direct-error"
at -5.0 direct |> atLeast 0.5 "direct-error-at-k=-5"
massError |> atMost (if quick then 0.1 else 0.02) "mass-error"
extrapolation |> atMost (if quick then 0.2 else 1e-2) "extrapolation-mse"
