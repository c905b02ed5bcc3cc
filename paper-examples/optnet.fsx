// A layer that learns to solve 4×4 Sudoku from solved boards, without being told the rules: "OptNet" (Amos and Kolter, ICML 2017),
// section 4.4. The layer is a quadratic program whose equalities A y = b are learned. Then total variation denoising, whose weight is learned.
#load "load.fsx"

open System
open Implicit

// 1. The 288 boards, and puzzles with one solution each.
let digits = [ 0; 1; 2; 3 ]

let fits (board: int list) digit =
    let place = board.Length
    let row, column = place / 4, place % 4
    let sees p = p / 4 = row || p % 4 = column || (p / 8 = place / 8 && p % 4 / 2 = column / 2)
    board |> List.indexed |> List.forall (fun (p, d) -> d <> digit || not (sees p))

let rec boards board =
    if List.length board = 16 then
        [ Array.ofList board ]
    else
        digits |> List.filter (fits board) |> List.collect (fun digit -> boards (board @ [ digit ]))

let solutions = Array.ofList (boards [])
let random = Random 0

/// A board and the five to eight places that are given, from which it follows.
let rec puzzle () =
    let board = solutions[random.Next solutions.Length]
    let given = Array.init 16 id |> Array.sortBy (fun _ -> random.Next()) |> Array.take (random.Next(5, 9))
    let agrees other = given |> Array.forall (fun p -> Array.get other p = board[p])

    if solutions |> Seq.filter agrees |> Seq.length = 1 then
        board, set given
    else
        puzzle ()

let oneHot (places: int -> bool) (board: int[]) =
    [
        for p in 0..15 do
            for d in digits -> if places p && board[p] = d then 1.0 else 0.0
    ]

let puzzles count =
    let drawn = List.init count (fun _ -> puzzle ())

    tensor [ for board, given in drawn -> oneHot given.Contains board ],
    tensor [ for board, _ in drawn -> oneHot (fun _ -> true) board ]

let train, test = if quick then 200, 30 else 500, 100
let clues, answers = puzzles train
let testClues, testAnswers = puzzles test

// 2. The layer: min ½·0.1 ‖y‖² − p'y with y ≥ 0, A y = A exp ℓ, so that there is always a feasible point.
type Rules = { A: Tensor; L: Tensor }

let solve rules clue =
    let program =
        minimise (fun y -> 0.05 * sumsq y - sum (clue * y))
        |> subjectTo (fun y -> [ y .>= 0.0; rules.A *@ y .== rules.A *@ exp rules.L ])

    argmin interiorPoint program clue

let answer rules clues = vmap (solve rules) clues
let loss rules (clues, answers) = mean (square (answer rules clues - answers))

/// The part of the boards of which some cell is wrong.
let wrong (found: Tensor) (answers: Tensor) =
    let digitsOf (y: Tensor) = y |> reshape [ y.Shape[0]; 16; 4 ] |> argmax 2
    1.0 - float (mean (toFloat64 (allAlong [ 1 ] (digitsOf found .== digitsOf answers))))

let start = { A = key 0 |> uniform 0.0 1.0 [ 40; 64 ]; L = zeros [ 64 ] }
let batch, epochs = 50, (if quick then 16 else 40)
let adam = Optim.adam 3e-2

let learned, _ =
    (start, Optim.init adam start)
    |> Progress.fold "4×4 Sudoku" (epochs * train / batch) (fun step report (rules, state) ->
        let first = step * batch % train

        let value, gradient =
            valueAndGrad
                (fun rules -> loss rules (clues[first .. first + batch - 1], answers[first .. first + batch - 1]))
                rules

        report "loss" (float value)
        rules |> Optim.step adam state gradient)

// 3. Denoising: min ½‖y − x‖² + λ Σ|yᵢ₊₁ − yᵢ|, a quadratic program with t ≥ |differences|. λ is learned from clean signals.
let length = 40

let clean =
    tensor
        [
            for s in 0..19 ->
                [
                    let at = 8 + s in

                    for i in 0 .. length - 1 ->
                        if i < at then 0.0
                        elif i < at + 12 then 1.0
                        else -0.5
                ]
        ]

let noisy = clean + 0.3 * normal [ 20; length ] (key 1)

let denoise (weight: Tensor) (x: Tensor) =
    let rises (y: Tensor) = y[1..] - y[.. length - 2]

    let program =
        minimise (fun (y, t) -> 0.5 * sumsq (y - x) + exp weight * sum t)
        |> subjectTo (fun (y, t) -> [ t .>= rises y; t .>= -(rises y) ])

    argmin interiorPoint program (x, zeros [ length - 1 ]) |> fst

let residual weight = mean (square (vmap (denoise weight) noisy - clean))
let rate = Optim.adam 0.1

let weight, _ =
    (scalar -3.0, Optim.init rate (scalar -3.0))
    |> Progress.fold "total variation" (if quick then 10 else 40) (fun _ report (weight, state) ->
        let value, gradient = valueAndGrad residual weight
        report "loss" (float value)
        weight |> Optim.step rate state gradient)

let image (y: Tensor) = y[0].ToArray()
let places = Seq.init length float

[
    Plot.scatter "noisy" places (image noisy)
    Plot.line "clean" places (image clean) |> Plot.faded
    Plot.line "denoised" places (image (vmap (denoise weight) noisy))
]
|> Plot.panel $"total variation, λ = {Math.Round(float (exp weight), 3)} learned"
|> show "optnet"

let ones' = wrong (ones [ test; 64 ]) testAnswers
printfn $"boards wrong: all ones {ones'}, before training {wrong (answer start testClues) testAnswers}"
let found = answer learned testClues

float (mean (square (found - testAnswers)))
|> atMost (if quick then 0.25 else 0.02) "sudoku-test-mse"


if not quick then
    wrong found testAnswers |> atMost 0.1 "sudoku-boards-wrong"

float (residual weight / mean (square (noisy - clean))) |> atMost 0.5 "denoised-over-noisy-mse"
