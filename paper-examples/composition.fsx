// odeint, fixedPoint and argmin in each other, in every order: each is an ordinary function, so gradient and Hessian of any nesting
// come from the same transforms. Both are compared with difference quotients.
#load "load.fsx"
open Implicit

let solver = dopri5 |> tol 1e-10 1e-10
let ts = tensor [ 0.0; 1.0 ]
let flow (field: Tensor -> Tensor) (y0: Tensor) = (y0 |> odeint solver (fun _ y -> field y) ts)[-1]
let equilibrium (f: Tensor -> Tensor) = fixedPoint (anderson 5 |> tol 1e-13 1e-13) f
let program v = minimise (fun x -> 0.5 * sumsq (x - v)) |> subjectTo (fun x -> [ sum x .== 1.0; x .>= -0.2 ])
let project v = argmin interiorPoint (program v) v

let w = tensor [ [ 0.5; -0.4; 0.3 ]; [ 0.2; 0.6; -0.5 ]; [ -0.3; 0.1; 0.4 ] ]
let layer (u: Tensor) = equilibrium (fun z -> 0.5 * tanh (w *@ z + u)) (zeros [ 3 ])

let nestings =
    [
        "argmin of odeint", (fun p -> p |> flow (fun y -> sin (w *@ y)) |> project)
        "argmin of fixedPoint", (fun p -> project (layer p))
        "odeint of argmin", (fun p -> p |> flow (fun y -> project (y * p) - y))
        "odeint of fixedPoint", (fun p -> p |> flow (fun y -> layer (y + p)))
        "fixedPoint of odeint",
        (fun p -> equilibrium (fun z -> 0.3 * flow (fun y -> tanh (w *@ y) + p) z) (zeros [ 3 ]))
        "fixedPoint of argmin", (fun p -> equilibrium (fun z -> 0.5 * project (tanh (w *@ z) + p)) (zeros [ 3 ]))
        "odeint of fixedPoint of argmin",
        (fun p -> p |> flow (fun y -> equilibrium (fun z -> 0.5 * project (tanh (w *@ z + y) * p)) (zeros [ 3 ]) - y))
        "argmin of fixedPoint of odeint",
        (fun p -> project (equilibrium (fun z -> 0.3 * flow (fun y -> tanh (w *@ y)) z + p) (zeros [ 3 ])))
    ]

/// The central difference of fourth order in each direction.
let difference (f: Tensor -> Tensor) (x: Tensor) =
    let h = 1e-3

    let along i =
        let at k = f (x + k * h * index 0 i (eye 3))
        (8.0 * (at 1.0 - at -1.0) - (at 2.0 - at -2.0)) / (12.0 * h)

    stack -1 [ along 0; along 1; along 2 ]

let apart (a: Tensor) (b: Tensor) = float (maxNorm (a - b) / maximum 1.0 (maxNorm b))
let p = tensor [ 0.6; -0.3; 0.45 ]

let errors =
    [
        for name, nesting in nestings do
            let loss p = sum (tensor [ 1.0; -0.5; 2.0 ] * square (nesting p))
            let g, h = grad loss p, hessian loss p
            let first, second = apart g (difference loss p), apart h (difference (grad loss) p)
            printfn $"{name}\n  gradient {g}, off by %.1g{first}\n  Hessian {h}, off by %.1g{second}"
            first, second
    ]

errors |> Seq.map fst |> Seq.max |> atMost 1e-7 "gradient-error"
errors |> Seq.map snd |> Seq.max |> atMost 1e-5 "hessian-error"
