// Attention by projection: weights that are the point of the simplex nearest to the scores (sparsemax) beside softmax.
// "From Softmax to Sparsemax" (Martins and Astudillo, ICML 2016). The task: among many items find the one that a query asks for and give its value.
// Softmax leaves a little weight on every item, which adds up when there are more of them than in training; the projection's zeros are exact.
#load "load.fsx"
open Implicit

let width, few, many = 8, 16, 256

/// Keys, values and noisy queries: the query of an example is near the key of its first item.
let examples count items key =
    let k1, k2 = split key
    let k3, k4 = split k2
    let directions = normal [ count; items; width ] k1
    let keys = directions / (directions |> keepDims normAlong [ 2 ])
    let query = keys[*, 0, *] + 0.05 * normal [ count; width ] k3
    let values = normal [ count; items ] k4
    query, keys, values

/// The value that the weights pick, of every example.
let attend weights (m: Tensor) (query: Tensor, keys: Tensor, values: Tensor) =
    let scores = einsum "bi,ij,bnj->bn" [ query; m; keys ]
    let w: Tensor = weights scores
    sumAlong [ 1 ] (w * values), w

let loss weights m (query, keys, values: Tensor) =
    mean (square (fst (attend weights m (query, keys, values)) - values[*, 0]))

let iterations = if quick then 150 else 800
let adam = Optim.adam 5e-2

let train name weights =
    (eye width, Optim.init adam (eye width))
    |> Progress.fold name iterations (fun step report (m, state) ->
        let batch = examples 64 few (foldIn step (key 1))
        let value, gradient = valueAndGrad (fun m -> loss weights m batch) m
        report "loss" (float value)
        m |> Optim.step adam state gradient)
    |> fst

let sparse, dense = train "sparsemax" Projection.simplex, train "softmax" (softmax -1)
let here, there = examples 200 few (key 2), examples 200 many (key 3)

/// The items that get any weight, on average.
let support weights m data =
    let _, w = attend weights m data
    float (mean (sumAlong [ 1 ] (toFloat64 (w .> 0.0))))

let report name weights m =
    let error data = float (loss weights m data)

    printfn
        "%-10s squared error %8.2g of %d items, %8.2g of %d; items with weight %5.1f, %5.1f"
        name
        (error here)
        few
        (error there)
        many
        (support weights m here)
        (support weights m there)

    error there

printfn ""

let sparseError, denseError =
    report "sparsemax" Projection.simplex sparse, report "softmax" (softmax -1) dense

// The closed form is the answer of the quadratic program that defines it.
let scores = normal [ 20; few ] (key 4)

let projected =
    scores
    |> vmap (fun v ->
        let program =
            minimise (fun x -> 0.5 * sumsq (x - v)) |> subjectTo (fun x -> [ sum x .== 1.0; x .>= 0.0 ])

        argmin interiorPoint program v)

let weightsOf weights m =
    let query, keys, values = there
    let _, w = attend weights m (query[..0], keys[..0], values[..0])
    let descending = w |> index 0 0 |> sort 0 |> flip [ 0 ]
    descending[..15].ToArray()

[
    Plot.line "sparsemax" [ 1.0 .. 16.0 ] (weightsOf Projection.simplex sparse)
    Plot.line "softmax" [ 1.0 .. 16.0 ] (weightsOf (softmax -1) dense)
]
|> Plot.panel "the sixteen largest weights among 256 items"
|> Plot.labels "rank" "weight"
|> show "sparse-attention"

float (maxNorm (projected - Projection.simplex scores)) |> atMost 1e-7 "projection-minus-program"
support Projection.simplex sparse there |> atMost (if quick then 8.0 else 3.0) "items-with-weight"
denseError / sparseError |> atLeast (if quick then 0.5 else 1.5) "softmax-over-sparsemax-error"
