// Hyperparameters by gradient descent through what they lead to: "Optimizing Millions of Hyperparameters by Implicit Differentiation"
// (Lorraine, Vicol, Duvenaud, AISTATS 2020). A decay for each weight; a training set of five learnt points; two ways to solve the adjoint system.
#load "load.fsx"
open Implicit

let classes, width = 5, 100
let keys = Random.key 5 |> Random.splitMany 6
let means = 0.6 * Random.normal [ classes; width ] keys[0]

/// Points around the means of their classes, class after class, with their labels as unit vectors.
let points key count =
    let labels =
        tensor (List.init count (fun i -> List.init classes (fun c -> if i % classes = c then 1.0 else 0.0)))

    labels *@ means + 1.5 * Random.normal [ count; width ] key, labels

let train, validation, test = points keys[1] 50, points keys[2] 50, points keys[3] 1000

let loss (x: Tensor, labels: Tensor) (w: Tensor) = -(mean (sumAlong [ 1 ] (labels * logSoftmax 1 (x *@ w))))

let accuracy (x: Tensor, labels: Tensor) (w: Tensor) =
    let found, right = (argmax 1 (x *@ w)).ToArray(), (argmax 1 labels).ToArray()
    Seq.map2 (fun a b -> if a = b then 1.0 else 0.0) found right |> Seq.average

// 1. Softmax regression whose 500 weights each have a decay of their own, learnt on the validation data: they overfit it, as in the paper.
let penalised logDecay w = loss train w + 0.5 * sum (exp logDecay * w * w)

let trained solver logDecay w0 = argmin solver (minimise (penalised logDecay)) w0
let inner = lbfgs |> tol 1e-8 1e-8 |> via (Exact(cg |> tol 1e-6 0.0))
let outer = if quick then 40 else 200
let rmsprop = Optim.rmsprop 0.1
let zero = zeros [ width; classes ]
let before = trained inner (full [ width; classes ] -3.0) zero

let history = ResizeArray()

let logDecay, _ =
    (full [ width; classes ] -3.0, Optim.init rmsprop zero)
    |> Progress.fold "a decay for each weight" outer (fun _ report (logDecay, state) ->
        let value, gradient = logDecay |> valueAndGrad (fun l -> loss validation (trained inner l zero))
        report "validation loss" (float value)
        history.Add(float value)
        logDecay |> Optim.step rmsprop state gradient)

let after = trained inner logDecay zero

for name, data in [ "train", train; "validation", validation; "test", test ] do
    printfn $"accuracy on %-10s{name} %.2f{accuracy data before} before, %.2f{accuracy data after} after"

// 2. Five learnt points, one for each class, on which ridge regression (in closed form) should learn what all data would teach.
let ridge (x: Tensor) (labels: Tensor) =
    let gram = x *@ transpose x + 0.1 * eye x.Shape[0]
    transpose x *@ (labels |> linearSolve direct (LinearOperator.positiveDefinite gram))

let many = points keys[4] 500
let five = points keys[5] classes
let adam = Optim.adam 0.05
let squared (x: Tensor, labels: Tensor) w = mean (square (x *@ w - labels))

let distilled, _ =
    (fst five, Optim.init adam (fst five))
    |> Progress.fold "five points" (if quick then 100 else 300) (fun _ report (x, state) ->
        let value, gradient = x |> valueAndGrad (fun x -> squared many (ridge x (snd five)))
        report "loss" (float value)
        x |> Optim.step adam state gradient)

let ofFive, ofRandom, ofAll =
    accuracy test (ridge distilled (snd five)), accuracy test (ridge <|| five), accuracy test (ridge <|| many)

printfn
    $"test accuracy of ridge regression on five learnt points %.3f{ofFive}, five of the data %.3f{ofRandom}, 500 of the data %.3f{ofAll}"

// 3. The hypergradient −(∂²f/∂w∂λ)ᵀH⁻¹∇v by series and by conjugate gradients, after so many products with H.
let at = full [ width; classes ] -1.0
let w = trained (lbfgs |> tol 1e-12 1e-12) at zero
let scale = 0.25 // the eigenvalues of scale · H lie between 0 and 2 here, so the series converges

let hypergradient how =
    at
    |> grad (fun l ->
        argmin (lbfgs |> tol 1e-12 1e-12 |> via how) (minimise (fun w -> scale * penalised l w)) w
        |> loss validation)

let exact = hypergradient (Exact(cg |> tol 1e-12 0.0))
let off gradient = float (sqrt (sumsq (gradient - exact) / sumsq exact))

let hessian =
    LinearOperator.ofFunctionThatIs OperatorProperties.PositiveDefinite (fun v -> hvp (penalised at) v w) w

let byCg steps =
    let solution = grad (loss validation) w |> LinearSystem.solve (cg |> maxSteps steps) hessian

    -(exp at) * w * solution.Value

let terms, steps = [ 1; 5; 20; 100 ], [ 1; 2; 5; 10 ]

let series, conjugate =
    terms |> List.map (Neumann >> hypergradient >> off), steps |> List.map (byCg >> off)

List.iter2 (printfn "Neumann, %3d terms: relative error %.2g") terms series
List.iter2 (printfn "conjugate gradients, %2d steps: relative error %.2g") steps conjugate

[
    Plot.line "validation" [ for i in 0 .. history.Count - 1 -> float i ] (List.ofSeq history)
    |> List.singleton
    |> Plot.panel "loss of what 500 decays lead to"
    |> Plot.labels "hyperparameter step" ""
    [
        Plot.line "Neumann" (List.map float terms) series
        Plot.line "CG" (List.map float steps) conjugate
    ]
    |> Plot.panel "relative error of the hypergradient"
    |> Plot.labels "products with the Hessian" ""
    |> Plot.logY
]
|> Plot.grid 2
|> show "hyperparameters"

accuracy validation after |> atLeast (if quick then 0.95 else 0.98) "validation-accuracy"
accuracy validation after - accuracy test after |> atLeast 0.05 "validation-over-test-accuracy"
history[history.Count - 1] |> atMost (if quick then 0.2 else 1e-2) "validation-loss"
ofFive - ofRandom |> atLeast 0.1 "five-learnt-over-five-random-accuracy"
ofAll - ofFive |> atMost 0.05 "all-over-five-learnt-accuracy"
List.last series |> atMost 1e-3 "neumann-100-error"
List.last conjugate |> atMost 1e-3 "cg-10-error"
