// Residual network against ODE network (tutorial "Deep Implicit Layers", NeurIPS 2020, chapter 3).
// Both fit x³ + x/10; but a flow in one dimension keeps the order of its points, so only the residual network fits x².
#load "load.fsx"
open Implicit

let iterations = if quick then 300 else 2000
let x = linspace -2.0 2.0 10 |> reshape [ 10; 1 ]

// z ← z + f(z), three times, with layers of their own.
let blocks = key 0 |> splitMany 3 |> List.map (Nn.mlp [ 1; 20; 1 ] tanh)
let resnet blocks x = blocks |> List.fold (fun z block -> z + Nn.forward block z) x

// dz/dt = f(z, t) on [0, 1], ten steps of the classical Runge–Kutta method.
let net = key 1 |> Nn.mlp [ 2; 20; 1 ] tanh
let field net t (z: Tensor) = concat 1 [ z; t * onesLike z ] |> Nn.forward net
let unit = tensor [ 0.0; 1.0 ]
let odenet net x = (x |> odeint (rk4 |> steps (fixedStep 0.1)) (field net) unit)[1]

let train title model parameters target =
    let adam = Optim.adam 1e-2
    let loss p = mean (square (model p x - target))

    let trained, _ =
        (parameters, Optim.init adam parameters)
        |> Progress.fold title iterations (fun _ report (p, state) ->
            let value, gradient = valueAndGrad loss p
            report "loss" (float value)
            p |> Optim.step adam state gradient)

    model trained, float (loss trained)

let cubic, parabola = x ** 3.0 + 0.1 * x, square x
let resnetCubic, cubicByResnet = train "residual network on x³ + x/10" resnet blocks cubic
let odeCubic, cubicByOde = train "ODE network on x³ + x/10" odenet net cubic
let resnetParabola, parabolaByResnet = train "residual network on x²" resnet blocks parabola
let odeParabola, parabolaByOde = train "ODE network on x²" odenet net parabola

// What each learned, on a fine grid.
let fine = linspace -2.0 2.0 200 |> reshape [ 200; 1 ]
let values (t: Tensor) = t.ToArray()

let compare title target resnet odenet =
    [
        Plot.scatter "data" (values x) (values target) |> Plot.colour "black"
        Plot.line "residual network" (values fine) (values (resnet fine))
        Plot.line "ODE network" (values fine) (values (odenet fine))
    ]
    |> Plot.panel title
    |> Plot.labels "x" "y"

[ compare "x³ + x/10" cubic resnetCubic odeCubic; compare "x²" parabola resnetParabola odeParabola ]
|> Plot.grid 2
|> show "resnet-vs-ode"

printfn "mean squared error       residual network   ODE network"
printfn "x³ + x/10                %16.2g   %11.2g" cubicByResnet cubicByOde
printfn "x²                       %16.2g   %11.2g" parabolaByResnet parabolaByOde

let bound = if quick then 0.1 else 1e-3
cubicByResnet |> atMost bound "cubic-by-resnet"
cubicByOde |> atMost bound "cubic-by-ode"
parabolaByResnet |> atMost bound "parabola-by-resnet"
parabolaByOde |> atLeast 1.0 "parabola-by-ode"

// Trajectories of a flow do not cross: its end points are in the order of its starts, whatever it was trained on.
let rises = values (odeParabola fine) |> Seq.pairwise |> Seq.map (fun (a, b) -> b - a)
Seq.min rises |> atLeast 1e-12 "smallest-rise-of-the-flow"
