// "Deep Equilibrium Models" (Bai, Kolter and Koltun, NeurIPS 2019) in small: handwritten digits are told apart by the state in which a layer
// settles, z = tanh(z W + u(x)). A solver finds the state; the gradient needs the state alone, not the way to it.
#load "load.fsx"

open System.IO
open System.IO.Compression
open Implicit

// The digits: images of 8 × 8 pixels in [0, 1] and labels; every fifth is for testing.
let rows =
    use file = File.OpenRead(Path.Combine(__SOURCE_DIRECTORY__, "data", "digits.csv.gz"))
    use reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress))
    reader.ReadToEnd().TrimEnd().Split '\n' |> Array.map (fun row -> row.Split ',' |> Array.map float)

let isForTest i = i % 5 = 4

let part keep =
    let rows =
        [|
            for i, row in Array.indexed rows do
                if keep i then
                    row
        |]

    tensor [| for row in rows -> [| for pixel in row[..63] -> pixel / 16.0 |] |],
    tensor [| for row in rows -> int64 row[64] |]

let trainImages, trainLabels = part (isForTest >> not)
let testImages, testLabels = part isForTest

// The model: a convolution sees the image, a layer with infinitely many repetitions settles, a linear map names the digit. Anderson
// acceleration also converges where plain iteration would not, as training makes W large.
type Model = { Filters: Nn.Conv; Inject: Nn.Linear; W: Tensor; Out: Nn.Linear }

let width = 100
let solver = anderson 5 |> tol 1e-4 0.0
let cell model input z = tanh (z *@ model.W + input)

let inject model (images: Tensor) =
    let batch = images.Shape[0]
    let seen = images |> reshape [ batch; 1; 8; 8 ] |> Nn.convolve model.Filters |> relu |> Nn.maxPool2d 2
    seen |> reshape [ batch; 256 ] |> Nn.apply model.Inject

let classify model images =
    let input = inject model images
    zerosLike input |> fixedPoint solver (cell model input) |> Nn.apply model.Out

let untrained =
    match key 0 |> splitMany 4 with
    | [ k1; k2; k3; k4 ] ->
        {
            Filters = k1 |> Nn.conv2d { Convolution.defaults with Padding = [ 1 ] } Nn.he 1 16 3
            Inject = k2 |> Nn.linear Nn.glorot 256 width
            W = 0.05 * normal [ width; width ] k3
            Out = k4 |> Nn.linear Nn.glorot width 10
        }
    | keys -> failwith $"{keys}"

let loss images labels model =
    let logProbabilities = classify model images |> logSoftmax 1
    -mean(logProbabilities |> takeAlongAxis 1 (unsqueeze 1 labels))

let accuracy images labels model =
    classify model images
    |> argmaxAlong 1
    |> fun guess -> guess .== labels |> toFloat64 |> mean |> float

// Training, with noise on the images.
let epochs, size = (if quick then 4 else 40), 100
let batches = trainImages.Shape[0] / size
let adam = Optim.adamw 3e-3 0.3 |> Optim.schedule (Optim.cosine (epochs * batches))

let epoch (model, state) number =
    let shuffle, noise = key number |> split
    let order = shuffle |> uniform 0.0 1.0 [ trainImages.Shape[0] ] |> argsort 0

    let step (model, state) batch =
        let picked = order[batch * size .. (batch + 1) * size - 1]
        let noisy = gather 0 picked trainImages + 0.15 * (noise |> foldIn batch |> normal [ size; 64 ])
        model |> Optim.step adam state (grad (loss noisy (gather 0 picked trainLabels)) model)

    List.fold step (model, state) [ 0 .. batches - 1 ]

let model, _, curve =
    (untrained, Optim.init adam untrained, [])
    |> Progress.fold "epochs" epochs (fun number report (model, state, curve) ->
        let model, state = epoch (model, state) number
        let train, test = accuracy trainImages trainLabels model, accuracy testImages testLabels model
        report "test accuracy" test
        model, state, curve @ [ (train, test) ])

// How the state settles for the test images.
let input = inject model testImages
let settle solver = FixedPoint.solve (solver |> tol 1e-5 0.0 |> maxSteps 100) (cell model input) (zerosLike input)
let residuals name solver = Plot.line name [ 0.0 .. float (settle solver).Steps ] (settle solver).Trace

// Memory of a gradient over a large batch, at tighter and tighter tolerances, beside the twin that goes back through as many steps.
let many = input |> tile [ 20; 1 ] |> Tree.evaluate

let solves =
    [
        for tolerance in
            (if quick then
                 [ 1e-1; 1e-6 ]
             else
                 [ 1e-1; 1e-2; 1e-3; 1e-4; 1e-5; 1e-6 ]) do
            let solver = anderson 5 |> tol tolerance 0.0
            solver, (FixedPoint.solve solver (cell model many) (zerosLike many)).Steps
    ]

let memory state =
    [
        for solver, steps in solves ->
            memoryOf (fun () -> model |> grad (fun model -> sumsq (state solver steps model)))
    ]

let implicitly = memory (fun solver _ model -> zerosLike many |> fixedPoint solver (cell model many))

let unrolled =
    memory (fun _ steps model -> Seq.fold (fun z _ -> cell model many z) (zerosLike many) [ 1..steps ])

let counts = [ for _, steps in solves -> float steps ]

let epochNumbers = [ 1.0 .. float epochs ]

[
    [
        Plot.line "training" epochNumbers (List.map fst curve)
        Plot.line "test" epochNumbers (List.map snd curve)
    ]
    |> Plot.panel "accuracy"
    |> Plot.labels "epoch" ""
    [ residuals "Picard" picard; residuals "Anderson" (anderson 5) ]
    |> Plot.panel "residual of the trained model"
    |> Plot.labels "step" ""
    |> Plot.logY
    [ Plot.line "implicit" counts implicitly; Plot.line "unrolled" counts unrolled ]
    |> Plot.panel "memory of a gradient, MB"
    |> Plot.labels "steps of the solve" ""
]
|> Plot.grid 3
|> show "deep-equilibrium"

curve |> List.last |> snd |> atLeast (if quick then 0.9 else 0.97) "test-accuracy"
// Implicitly a gradient needs the solution and the vectors of a linear solve, however many steps came before.
let growth megabytes = List.last megabytes - List.head megabytes

printfn
    $"from {List.head counts} to {List.last counts} steps a gradient grows by %.0f{growth implicitly} MB implicitly, by %.0f{growth unrolled} MB unrolled"

growth implicitly / growth unrolled
|> atMost (if quick then 0.5 else 0.1) "memory-growth-implicit-over-unrolled"
