// A convex set as a layer: y = the point of {G z ≤ h} nearest to x. From points and their projections alone, gradients through the
// quadratic program recover G and h. After "OptNet" (Amos and Kolter, ICML 2017) and chapter 5 of the Deep Implicit Layers tutorial.
#load "load.fsx"
open Implicit

type Polytope = { G: Tensor; H: Tensor }

let nearest (set: Polytope) x =
    let program = minimise (fun z -> 0.5 * sumsq (z - x)) |> subjectTo (fun z -> [ set.G *@ z .<= set.H ])
    argmin interiorPoint program x

/// Half-planes cos θ·z₁ + sin θ·z₂ ≤ h.
let halfPlanes angles h = { G = stack 1 [ cos angles; sin angles ]; H = h }

let sixth = System.Math.PI / 3.0
let equal = sixth * toFloat64 (arange 6)
let k1, k2, k3 = key 1, key 2, key 3
let truth = halfPlanes (equal + (k1 |> uniform -0.3 0.3 [ 6 ])) (k2 |> uniform 0.7 1.3 [ 6 ])
let start = halfPlanes (equal + 0.1) (ones [ 6 ])

let points = 1.5 * normal [ 300; 2 ] k3
let projected = points |> vmap (nearest truth)
let loss set = mean (square (vmap (nearest set) points - projected))

let iterations = if quick then 60 else 300
let adam = Optim.adam 2e-2

let learned, _ =
    (start, Optim.init adam start)
    |> Progress.fold "polytope" iterations (fun _ report (set, state) ->
        let value, gradient = valueAndGrad loss set
        report "loss" (float value)
        set |> Optim.step adam state gradient)

/// Which points of a grid are in the set.
let inside set =
    let axis = linspace -2.0 2.0 81
    let grid = meshgrid [ axis; axis ] |> List.map flatten |> stack 1
    allAlong [ 1 ] (grid *@ transpose set.G .<= set.H)

let overlap a b =
    let share mask = float (sum (toFloat64 mask))
    share (logicalAnd (inside a) (inside b)) / share (logicalOr (inside a) (inside b))

// Seen from the middle the boundary is the nearest of the six lines.
let outline name (set: Polytope) =
    let angles = linspace 0.0 (2.0 * System.Math.PI) 721
    let direction = stack 1 [ cos angles; sin angles ]
    let towards = direction *@ transpose set.G
    let radius = aminAlong [ 1 ] (where (towards .> 1e-6) (set.H / maximum 1e-6 towards) 1e6)
    Plot.line name ((radius * cos angles).ToArray()) ((radius * sin angles).ToArray())

[
    Plot.scatter "projected points" (projected[*, 0].ToArray()) (projected[*, 1].ToArray())
    |> Plot.faded
    outline "true" truth |> Plot.width 4.0 |> Plot.faded
    outline "start" start |> Plot.dotted
    outline "learned" learned |> Plot.dashed
]
|> Plot.panel "a polytope learned from projections"
|> Plot.equal
|> Plot.xlim -2.0 2.0
|> Plot.ylim -2.0 2.0
|> show "polytope"

float (loss learned) |> atMost (if quick then 1e-2 else 1e-6) "mse"
overlap truth learned |> atLeast (if quick then 0.9 else 0.98) "intersection-over-union"
