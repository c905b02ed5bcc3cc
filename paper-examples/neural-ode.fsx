// The cubic spiral of "Neural Ordinary Differential Equations" (Chen, Rubanova, Bettencourt and Duvenaud, NeurIPS 2018).
// A network learns the field of y' = y³ A from short windows of one trajectory, then replays all of it from its start.
#load "load.fsx"
open Implicit

let iterations = if quick then 150 else 2000

// The trajectory to learn: 1000 points on [0, 25].
let ts = linspace 0.0 25.0 1000 |> toFloat32
let y0 = tensor [ 2.0f; 0.0f ]
let a = tensor [ [ -0.1f; 2.0f ]; [ -2.0f; -0.1f ] ]
let truth = y0 |> odeint (dopri5 |> tol 1e-6 1e-6) (fun _ y -> (y ** 3.0) *@ a) ts

// The model: y' = mlp(y³), its weights from N(0, 0.1). The solver is the paper's.
let solver = dopri5 |> tol 1e-5 1e-6
let field net _ y = Nn.forward net (y ** 3.0)
let replay net = y0 |> odeint solver (field net) ts
let weights, batches = split (key 3)
let untrained = weights |> Nn.mlpWith (Nn.normal 0.1) [ 2; 50; 2 ] tanh |> Tree.map toFloat32

// A batch: 20 windows of 10 points from random starts, of shape [10; 20; 2].
let batch key =
    let starts = key |> randint 0 991 [ 20 ]
    truth |> gather 0 (unsqueeze 1 (arange 10) + starts)

let mae a b = mean (abs (a - b))
let loss (windows: Tensor) net = windows[0] |> odeint solver (field net) ts[0..9] |> mae windows

// Training oscillates: of the networks tried on the whole trajectory the best is the one to keep.
let rmsprop = Optim.rmsprop 1e-3

let train (net, state, tried) step report =
    let value, gradient = net |> valueAndGrad (loss (batch (batches |> foldIn step)))
    report "loss" (float value)
    let net, state = net |> Optim.step rmsprop state gradient

    if step % 5 <> 4 then
        net, state, tried
    else
        let error = float (mae truth (replay net))
        report "trajectory error" error
        net, state, (error, net) :: tried

let _, _, tried =
    (untrained, Optim.init rmsprop untrained, [])
    |> Progress.fold "training" iterations (fun step report run -> train run step report)

let best, net = List.minBy fst tried
let final = tried |> List.truncate 10 |> List.map fst |> List.sort |> List.item 5 // the median of the last ten

// Trajectory, phase portrait and learned field.
let column (i: int) (y: Tensor) = y[*, i].ToArray()
let times, learned = ts.ToArray(), replay net

let arrow x y =
    let slope = field net ts (tensor [ float32 x; float32 y ])
    float slope[0], float slope[1]

[
    [
        Plot.line "x" times (column 0 truth)
        Plot.line "y" times (column 1 truth)
        Plot.line "x, learned" times (column 0 learned) |> Plot.dashed
        Plot.line "y, learned" times (column 1 learned) |> Plot.dashed
    ]
    |> Plot.panel "trajectory"
    |> Plot.ylim -3.0 2.2
    |> Plot.labels "t" ""
    [
        Plot.line "true" (column 0 truth) (column 1 truth)
        Plot.line "learned" (column 0 learned) (column 1 learned) |> Plot.dashed
    ]
    |> Plot.panel "phase portrait"
    |> Plot.labels "x" "y"
    [ Plot.field "" 20 (-2.0, 2.0) (-2.0, 2.0) arrow |> Plot.normalised |> Plot.bySpeed ]
    |> Plot.panel "learned field"
    |> Plot.labels "x" "y"
]
|> Plot.grid 3
|> show "neural-ode"

printfn $"mean absolute error over the trajectory: %.3f{best} at best, %.3f{final} at the end"

if quick then
    best |> atMost 2.0 "mae"
else
    final |> atMost 0.5 "mae-at-end"
    best |> atMost 0.1 "mae"
