// Radioactive decay: solve, differentiate, plot.
#load "load.fsx"
open Implicit

let ts = linspace 0.0 5.0 51
let decay (rate: Tensor) = scalar 1.0 |> odeint dopri5 (fun _ y -> -rate * y) ts

let rate = tensor 0.7
let y, sensitivity = jvp decay (tensor 1.0) rate // y(t) and ∂y/∂rate

[
    Plot.line "y" (ts.ToArray()) (y.ToArray())
    Plot.line "∂y/∂k" (ts.ToArray()) (sensitivity.ToArray())
]
|> Plot.panel "y′ = −k y, k = 0.7"
|> Plot.labels "t" ""
|> show "exponential-decay"

// The answers are known: y = e^(−kt) and ∂y/∂k = −t e^(−kt).
let error (a: Tensor) (b: Tensor) = (a - b).ToArray() |> Seq.map abs |> Seq.max
max (error y (exp (-rate * ts))) (error sensitivity (-ts * exp (-rate * ts))) |> atMost 1e-6 "error"
