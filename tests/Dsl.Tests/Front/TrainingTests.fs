module Implicit.Tests.TrainingTests

open System
open Implicit
open Implicit.Tests.Values
open Xunit

let private p0 = tensor [ 1.0; -2.0 ], [ tensor 0.5 ]

/// The gradient of a quadratic bowl, anew at each step.
let private gradientAt (a: Tensor, rest: Tensor list) = 2.0 * a, [ List.head rest - 3.0 ]

let private descend optimiser steps =
    (p0, Optim.init optimiser p0)
    |> Progress.fold "descent" steps (fun _ _ (p, state) -> p |> Optim.step optimiser state (gradientAt p))
    |> fst

/// The same on plain numbers: update takes the step (from 1), the gradient and two memories.
let private plainly steps update =
    let memory = Array.create 3 (0.0, 0.0)
    let mutable p = [| 1.0; -2.0; 0.5 |]

    for step in 1..steps do
        let g = [| 2.0 * p[0]; 2.0 * p[1]; p[2] - 3.0 |]

        p <-
            p
            |> Array.mapi (fun i x ->
                let change, next = update step x g[i] memory[i]
                memory[i] <- next
                x - change)

    p

let private agree optimiser update =
    let a, rest = descend optimiser 20
    near 1e-13 (tensor (plainly 20 update)) (concat 0 [ a; stack 0 rest ])

[<Fact>]
let ``optimisers do what plain loops do`` () =
    agree (Optim.sgd 0.1) (fun _ _ g m -> 0.1 * g, m)

    agree (Optim.sgd 0.1 |> Optim.momentum 0.9) (fun _ _ g (v, _) ->
        let v = 0.9 * v + g
        0.1 * v, (v, 0.0))

    agree (Optim.rmsprop 0.01) (fun _ _ g (v, _) ->
        let v = 0.99 * v + 0.01 * g * g
        0.01 * g / (sqrt v + 1e-8), (v, 0.0))

    let adam rate step g (m, v) =
        let m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        let mean, square = m / (1.0 - 0.9 ** float step), v / (1.0 - 0.999 ** float step)
        rate * mean / (sqrt square + 1e-8), (m, v)

    agree (Optim.adam 0.05) (fun step _ g memory -> adam 0.05 step g memory)

    agree (Optim.adamw 0.05 0.1) (fun step p g memory ->
        let change, memory = adam 0.05 step g memory
        change + 0.05 * 0.1 * p, memory)

    agree (Optim.sgd 0.1 |> Optim.weightDecay 0.2) (fun _ p g m -> 0.1 * (g + 0.2 * p), m)

    agree (Optim.sgd 0.1 |> Optim.schedule (Optim.cosine 20)) (fun step _ g m ->
        0.05 * (1.0 + cos (Math.PI * float (step - 1) / 20.0)) * g, m)

    agree
        (Optim.sgd 0.1 |> Optim.schedule (Optim.exponential 0.9) |> Optim.schedule (Optim.warmup 5))
        (fun step _ g m -> 0.1 * 0.9 ** float (step - 1) * min 1.0 (float step / 5.0) * g, m)

[<Fact>]
let ``clipping shortens the whole gradient and leaves a short one`` () =
    let step limit =
        let optimiser = Optim.sgd 1.0 |> Optim.clip limit
        let moved, _ = p0 |> Optim.step optimiser (Optim.init optimiser p0) (gradientAt p0)
        Tree.map2 (-) p0 moved |> Tree.leaves |> List.sumBy sumsq |> sqrt

    near 1e-9 (tensor 0.5) (step 0.5)
    near 1e-14 (Tree.leaves (gradientAt p0) |> List.sumBy sumsq |> sqrt) (step 100.0)

[<Fact>]
let ``a gradient of another form is named`` () =
    let sgd = Optim.sgd 0.1
    let error = errorOf (fun () -> [ tensor 1.0 ] |> Optim.step sgd (Optim.init sgd [ tensor 1.0 ]) [])
    Assert.Equal("[Optim.step] the gradient must have as many tensors as the parameters (1). Received 0.", error)

    let keyed key = Map [ key, tensor 1.0 ]

    let renamed = errorOf (fun () -> keyed "a" |> Optim.step sgd (Optim.init sgd (keyed "a")) (keyed "b"))

    Assert.StartsWith("[Optim.step] the gradient must have the form of the parameters. Received keys b", renamed)

    let refuses optimiser rule state gradient (p: Tensor) =
        let error = errorOf (fun () -> p |> Optim.step optimiser state gradient)
        Assert.StartsWith($"[Optim.step] {rule}", error)

    let adam, p = Optim.adam 0.1, tensor [ 1.0; 2.0 ]
    refuses sgd "the gradient must have the type of the parameters" (Optim.init sgd p) (tensor [ 1.0 ]) p
    refuses sgd "the state must be what init or a step of this optimiser gave" (Optim.init adam p) p p
    refuses adam "the state must be what init" (Optim.init adam (tensor 1.0)) p p
    refuses sgd "parameters must be floating-point" (Optim.init sgd (tensor [ 1L ])) (tensor [ 1L ]) (tensor [ 1L ])

[<Fact>]
let ``a gradient whose squares no type holds is clipped`` () =
    let clipped = Optim.sgd 1.0 |> Optim.clip 1.0
    let p = zeros [ 2 ]
    let moved, _ = p |> Optim.step clipped (Optim.init clipped p) (tensor [ 3e200; -4e200 ])
    near 1e-12 (tensor [ -0.6; 0.8 ]) moved
    let pair = zeros [ 1 ], toFloat32 (zeros [ 1 ])
    let gradient = tensor [ 1.5e308 ], toFloat32 (tensor [ 0.0 ])
    let (a, b), _ = pair |> Optim.step clipped (Optim.init clipped pair) gradient
    near 1e-12 (tensor [ -1.0 ]) a
    near 0.0 (tensor [ 0.0 ]) b
    let largest, _ = p |> Optim.step clipped (Optim.init clipped p) (tensor [ 1.5e308; 1.5e308 ])
    near 1e-12 (full [ 2 ] -(sqrt 0.5)) largest

[<Fact>]
let ``a gradient whose squares float32 does not hold is clipped`` () =
    let clipped = Optim.sgd 1.0 |> Optim.clip 1.0
    let p = toFloat32 (zeros [ 2 ])
    let moved, _ = p |> Optim.step clipped (Optim.init clipped p) (toFloat32 (tensor [ 3e30; -4e30 ]))
    near 1e-6 (tensor [ -0.6; 0.8 ]) (toFloat64 moved)

[<Fact>]
let ``nothing to train stays nothing`` () =
    let clipped = Optim.adam 1.0 |> Optim.clip 1.0
    let nothing: Tensor list = []
    Assert.Empty(nothing |> Optim.step clipped (Optim.init clipped nothing) nothing |> fst)

[<Fact>]
let ``a schedule has a step`` () =
    for schedule in [ Optim.cosine; Optim.warmup ] do
        Assert.Throws<TensorException>(fun () -> schedule 0 0 |> ignore) |> ignore

/// How often a step was traced. In the module, since a counter that is captured changes while it is traced.
let mutable private traces = 0

[<Fact>]
let ``a compiled step is traced once, and gives what the step gives`` () =
    for optimiser in
        [
            Optim.sgd 0.1 |> Optim.momentum 0.9 |> Optim.weightDecay 0.01
            Optim.rmsprop 0.1
            Optim.adam 0.1 |> Optim.clip 1.0
            Optim.adamw 0.1 0.01 |> Optim.momentum 0.5
            Optim.sgd 0.1 |> Optim.schedule (Optim.cosine 5)
            Optim.adam 0.1
            |> Optim.schedule (Optim.warmup 3)
            |> Optim.schedule (fun taken -> if taken < 2 then 1.0 else 0.1)
        ] do
        let step (p: Tensor, state) =
            traces <- traces + 1
            p |> Optim.step optimiser state (3.0 * p * p)

        let start = tensor [ 1.0; -2.0 ]
        let run step = List.fold (fun state _ -> step state) (start, Optim.init optimiser start) [ 1..5 ] |> fst
        let expected = run step
        traces <- 0
        same expected (run (compile step))
        Assert.Equal(1, traces)

[<Fact>]
let ``a scheduled descent is differentiated, and runs for each item of a batch`` () =
    let optimiser = Optim.sgd 0.1 |> Optim.schedule (Optim.cosine 4)

    let descended (p: Tensor) =
        let step (p: Tensor, state) = p |> Optim.step optimiser state (2.0 * p)
        List.fold (fun state _ -> step state) (p, Optim.init optimiser p) [ 1..3 ] |> fst

    let shrunk = [ 0..2 ] |> List.map (fun taken -> 1.0 - 0.2 * Optim.cosine 4 taken) |> List.reduce (*)
    near 1e-15 (tensor shrunk) (grad descended (tensor 2.0))
    let starts = tensor [ 1.0; -2.0; 3.0 ]
    near 1e-15 (shrunk * starts) (vmap descended starts)

[<Fact>]
let ``the averages of Adam weigh by less than one`` () =
    for betas in [ 1.0, 0.999; 0.9, 1.5; -0.1, 0.9; nan, 0.9 ] do
        let error = Assert.Throws<TensorException>(fun () -> Optim.adamWith betas 1e-3 |> ignore)
        Assert.StartsWith("[Optim.adam] β₁ and β₂ must be in [0, 1). Received ", error.Message)

[<Fact>]
let ``rates, momentum and decay that would not end are refused`` () =
    let refused start (make: unit -> Optim.Optimiser) =
        let error = Assert.Throws<TensorException>(fun () -> make () |> ignore)
        Assert.StartsWith($"[Optim.{start}] ", error.Message)

    for rate in [ -0.1; infinity; nan ] do
        refused "sgd" (fun () -> Optim.sgd rate)
        refused "rmsprop" (fun () -> Optim.rmsprop rate)
        refused "adam" (fun () -> Optim.adam rate)
        refused "adamw" (fun () -> Optim.adamw rate 0.01)
        refused "adamw" (fun () -> Optim.adamw 0.01 rate)

    for mu in [ 1.0; -0.1; nan ] do
        refused "momentum" (fun () -> Optim.sgd 0.1 |> Optim.momentum mu)

    for weight in [ -0.1; nan ] do
        refused "adamw" (fun () -> Optim.adamw 0.1 weight)
        refused "weightDecay" (fun () -> Optim.sgd 0.1 |> Optim.weightDecay weight)

[<Fact>]
let ``float32 parameters stay float32`` () =
    let p = toFloat32 (tensor [ 1.0; 2.0 ])

    for optimiser in
        [
            Optim.adam 0.1 |> Optim.clip 0.5
            Optim.adamw 0.1 0.1 |> Optim.schedule (Optim.cosine 5)
            Optim.rmsprop 0.1 |> Optim.momentum 0.9
        ] do
        let moved, _ = p |> Optim.step optimiser (Optim.init optimiser p) p
        Assert.Equal(DType.Float32, moved.DType)

[<Fact>]
let ``a network is its layers with the activation between`` () =
    let net = key 0 |> Nn.mlp [ 2; 5; 3 ] tanh
    let x = tensor [ [ 0.1; 0.2 ]; [ 0.3; 0.4 ]; [ 0.5; 0.6 ] ]
    let first, second = net.Layers[0], net.Layers[1]
    same (tanh (x *@ first.Weight + first.Bias) *@ second.Weight + second.Bias) (Nn.forward net x)
    Assert.Equal(2 * 5 + 5 + 5 * 3 + 3, Tree.size net)
    same (key 0 |> Nn.mlp [ 2; 5; 3 ] tanh).Layers[1].Weight second.Weight
    Assert.Throws<TensorException>(fun () -> key 0 |> Nn.mlp [ 2 ] tanh |> ignore) |> ignore

[<Fact>]
let ``initialisers have the spread that they promise`` () =
    let spread (initialiser: Nn.Initialiser) = float (standardDeviation (initialiser 200 300 [ 200; 300 ] (key 1)))
    Assert.Equal(sqrt (2.0 / 500.0), spread Nn.glorot, 0.001)
    Assert.Equal(sqrt (2.0 / 200.0), spread Nn.he, 0.002)
    Assert.Equal(0.1, spread (Nn.normal 0.1), 0.002)
    Assert.Equal(0.1 / sqrt 3.0, spread (Nn.uniform 0.1), 0.001)

[<Fact>]
let ``a small network learns`` () =
    let x = linspace -1.0 1.0 16 |> unsqueeze 1
    let loss net = mean (square (Nn.forward net x - square x))
    let net = key 0 |> Nn.mlp [ 1; 8; 1 ] tanh
    let adam = Optim.adam 0.02

    let trained, _ =
        (net, Optim.init adam net)
        |> Progress.fold "training" 300 (fun _ _ (p, state) -> p |> Optim.step adam state (grad loss p))

    Assert.True(float (loss trained) < 0.02 * float (loss net))
