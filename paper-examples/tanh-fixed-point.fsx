// The first layer of the tutorial "Deep Implicit Layers" (Kolter, Duvenaud and Johnson, NeurIPS 2020): z = tanh(z W + x). Three methods find
// z, or say that they did not; its gradient comes from the implicit function theorem and needs nothing of the way there.
#load "load.fsx"
open Implicit

let cell w x z = tanh (z *@ w + x)
let layer solver (w, x) = zerosLike x |> fixedPoint solver (cell w x)
let median (numbers: int list) = (List.sort numbers)[numbers.Length / 2]

// 1. Random layers of width 10. Many of them do not contract, so plain iteration may fail: the status says so, and no value is passed off
// as a solution.
let seeds = if quick then 10 else 50

let random seed =
    let first, second = split (key seed)
    normal [ 10; 10 ] first / sqrt 10.0, normal [ 10 ] second

let solvers =
    [ "Picard", picard; "Newton", newton; "Anderson", anderson 5 ]
    |> List.map (fun (name, solver) -> name, solver |> maxSteps 200)

let isSilent solver (w, x) =
    try
        layer solver (w, x) |> Tree.evaluate |> ignore
        true
    with :? SolveException ->
        false

let runs =
    [
        for name, solver in solvers do
            let runs =
                [
                    for seed in 1..seeds -> random seed, FixedPoint.solve solver (random seed ||> cell) (zeros [ 10 ])
                ]

            let solved, failed = runs |> List.partition (fun (_, run) -> run.IsSuccess)

            printfn
                "%-8s solves %d of %d layers, in %d steps (median)"
                name
                solved.Length
                seeds
                (median [ for _, run in solved -> run.Steps ])

            name, median [ for _, run in solved -> run.Steps ], [ for layer, _ in failed -> isSilent solver layer ]
    ]

let steps = Map [ for name, steps, _ in runs -> name, steps ]
let silent = runs |> List.sumBy (fun (_, _, failures) -> failures |> List.filter id |> List.length)
let runaway = scalar 0.0 |> FixedPoint.solve picard (fun z -> 2.0 * z + 1.0)
printfn $"z = 2z + 1 by Picard: {runaway.Message}"

// 2. The gradient by W and x, three ways: implicitly, through 500 steps, and by the matrix (I - ∂f/∂z)ᵀ.
let wide = anderson 5 |> tol 1e-13 0.0
let weights, inputs = let w, x = random 1 in 0.7 * w, x
let cotangent, direction = normal [ 10 ] (key 100), random 101
let unrolled (w, x) = Seq.fold (fun z _ -> cell w x z) (zeros [ 10 ]) [ 1..500 ]

let distance (first: Tensor * Tensor) (second: Tensor * Tensor) =
    Tree.map2 (fun a b -> maxNorm (a - b)) first second |> Tree.leaves |> List.map float |> List.max

let pulled f = snd (vjp f (weights, inputs)) cotangent
let implicitly = pulled (layer wide)

let dense =
    let z = layer wide (weights, inputs)
    let j = jacobian (cell weights inputs) z
    let u = solve (transpose (eye 10 - j)) cotangent
    snd (vjp (fun (w, x) -> cell w x z) (weights, inputs)) u

let pushed f = snd (jvp f direction (weights, inputs))
let forward = float (maxNorm (pushed (layer wide) - pushed unrolled))

// The circle a² + z² = 1 by Newton: dz/da = -a/z.
let height (a: Tensor) = scalar 1.0 |> root newton (fun z -> a * a + z * z - 1.0)

let slopes =
    [ for a in [ 0.0; 0.3; 0.6; 0.9 ] -> abs (float (grad height (tensor a)) + a / sqrt (1.0 - a * a)) ]

// 3. A symmetric layer of width 100 that hardly contracts: ‖W‖ = 0.99.
let symmetric =
    let a = normal [ 100; 100 ] (key 0)
    let w = a + transpose a
    0.99 * w / spectralNorm w

let wideInput = 0.1 * normal [ 100 ] (key 1)
let slow solver = FixedPoint.solve (solver |> tol 1e-8 0.0) (cell symmetric wideInput) (zeros [ 100 ])
let plain, accelerated = slow picard, slow (anderson 5)
printfn $"‖W‖ = 0.99: Picard {plain.Steps} steps, Anderson {accelerated.Steps}"

// 4. Memory: the gradient of a batch of 2000, implicitly and through as many steps as Picard took, at tighter and tighter tolerances.
let batch = 0.1 * normal [ 2000; 100 ] (key 2) |> Tree.evaluate
let tolerances = if quick then [ 1e-2; 1e-4 ] else [ 1e-2; 1e-4; 1e-6; 1e-8 ]

let memory =
    [
        for tolerance in tolerances do
            let solver = picard |> tol tolerance 0.0
            let count = (FixedPoint.solve solver (cell symmetric batch) (zerosLike batch)).Steps
            let implicitly w = zerosLike batch |> fixedPoint solver (cell w batch) |> sumsq
            let unrolled w = Seq.fold (fun z _ -> cell w batch z) (zerosLike batch) [ 1..count ] |> sumsq
            count, implicitly, unrolled
    ]

let growth pick = [ for run in memory -> memoryOf (fun () -> grad (pick run) symmetric) ]
let counts = [ for count, _, _ in memory -> float count ]
let flat, growing = growth (fun (_, f, _) -> f), growth (fun (_, _, f) -> f)

List.iter2
    (fun count (a, b) -> printfn "%4g steps: %4.0f MB implicitly, %4.0f MB unrolled" count a b)
    counts
    (List.zip flat growing)

let residuals name (solution: Solution<Tensor>) =
    Plot.line name (Seq.mapi (fun i _ -> float i) solution.Trace) solution.Trace

[
    [ residuals "Picard" plain; residuals "Anderson" accelerated; residuals "Newton" (slow newton) ]
    |> Plot.panel "‖f(z) − z‖ for ‖W‖ = 0.99"
    |> Plot.labels "step" ""
    |> Plot.logY
    [ Plot.line "implicit" counts flat; Plot.line "unrolled" counts growing ]
    |> Plot.panel "memory of a gradient, MB"
    |> Plot.labels "steps of the solve" ""
]
|> Plot.grid 2
|> show "tanh-fixed-point"

float silent |> atMost 0.0 "failures-passed-off-as-solutions"
(if runaway.IsSuccess then 1.0 else 0.0) |> atMost 0.0 "divergence-called-success"
float steps["Newton"] |> atMost 8.0 "newton-steps"
float steps["Anderson"] |> atMost 40.0 "anderson-steps"
distance implicitly (pulled unrolled) |> atMost 1e-8 "implicit-minus-unrolled-vjp"
distance implicitly dense |> atMost 1e-8 "implicit-minus-dense-vjp"
forward |> atMost 1e-8 "implicit-minus-unrolled-jvp"
List.max slopes |> atMost 1e-8 "circle-dz/da+a/z"
float accelerated.Steps / float plain.Steps |> atMost 0.5 "anderson-over-picard-steps"
let grown figures = List.last figures - List.head figures

grown flat / grown growing
|> atMost (if quick then 0.5 else 0.1) "memory-growth-implicit-over-unrolled"
