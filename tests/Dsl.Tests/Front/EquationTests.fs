module Implicit.Tests.EquationTests

open Implicit
open Implicit.Tests.Values
open Xunit

type Cell = { W: Tensor; B: Tensor }

let private layer (p: Cell) (z: Tensor) = tanh (z *@ p.W + p.B)
let private cell = { W = tensor [ [ 0.3; -0.2 ]; [ 0.1; 0.4 ] ]; B = tensor [ 0.5; -0.1 ] }

let private unrolled (p: Cell) = Seq.fold (fun z _ -> layer p z) (zeros [ 2 ]) (seq { 1..60 })

[<Fact>]
let ``every method and derivative gives the fixed point and its gradient`` () =
    let value, gradient = cell |> valueAndGrad (fun p -> sum (unrolled p))

    for solver in [ picard; picard |> damp 0.8; anderson 5; broyden 10; newton; newtonBy (LinearSolver.Gmres()) ] do
        for derivative in [ Exact(LinearSolver.Gmres()); Neumann 60; Phantom 60 1.0; Unrolled ] do
            let solver = solver |> via derivative |> maxSteps 100
            let loss p = zeros [ 2 ] |> fixedPoint solver (layer p) |> sum
            let found, pulled = cell |> valueAndGrad loss
            near 1e-9 value found
            near 1e-8 gradient.W pulled.W
            near 1e-8 gradient.B pulled.B

[<Fact>]
let ``one step is the derivative of one step`` () =
    let z = zeros [ 2 ] |> fixedPoint (anderson 5) (layer cell)
    let expected = cell |> grad (fun p -> sum (layer p z))

    let found =
        cell |> grad (fun p -> zeros [ 2 ] |> fixedPoint (anderson 5 |> via OneStep) (layer p) |> sum)

    near 1e-9 expected.W found.W

[<Fact>]
let ``a root of the circle has the slope of the circle`` () =
    let height (a: Tensor) = tensor 1.0 |> root newton (fun z -> a * a + z * z - 1.0)
    near 1e-10 (tensor 0.8) (height (tensor 0.6))
    near 1e-10 (tensor -0.75) (grad height (tensor 0.6))
    near 1e-9 (tensor -1.953125) (grad (grad height) (tensor 0.6))

[<Fact>]
let ``the state is any tree`` () =
    let a, b =
        (tensor 0.2, tensor [ 0.1; 0.3 ])
        |> fixedPoint (broyden 5) (fun (x, y) -> 0.5 * cos (sum y), sin x * y + 0.1)

    near 1e-9 (0.5 * cos (sum b)) a
    near 1e-9 (sin a * b + 0.1) b

[<Fact>]
let ``solve tells how it ended, and a failure is an exception only where there is nothing to tell`` () =
    let solution = zeros [ 2 ] |> FixedPoint.solve (picard |> tol 1e-6 0.0) (layer cell)
    Assert.Equal(SolveStatus.Success, solution.Status)
    Assert.Equal(solution.Steps + 1, solution.Trace.Count)
    Assert.True(solution.Residual <= solution.Report.Tolerance)
    let diverging = zeros [ 1 ] |> FixedPoint.solve picard (fun z -> 2.0 * z + 1.0)
    Assert.Equal(SolveStatus.Diverged, diverging.Status)

    let error =
        Assert.Throws<SolveException>(fun () -> zeros [ 1 ] |> fixedPoint picard (fun z -> 2.0 * z + 1.0) |> ignore)

    Assert.StartsWith("[fixedPoint] Diverged", error.Message)
    let circle = tensor 1.0 |> Root.solve (newton |> rtol 1e-12) (fun z -> z * z - 2.0)
    near 1e-12 (sqrt (tensor 2.0)) circle.Value

[<Fact>]
let ``a batch has an account of each item`` () =
    let squares = ones [ 3 ] |> Root.solveEach newton (fun a z -> z * z - a) (tensor [ 4.0; 9.0; 2.0 ])
    near 1e-10 (sqrt (tensor [ 4.0; 9.0; 2.0 ])) squares.Value
    Assert.Equal(3, squares.Reports.Count)

    let halves =
        zeros [ 2 ] |> FixedPoint.solveEach (anderson 2) (fun a z -> 0.5 * z + a) (tensor [ 1.0; 2.0 ])

    near 1e-9 (tensor [ 2.0; 4.0 ]) halves.Value

[<Fact>]
let ``a function of a whole batch is solved item by item`` () =
    let x = 3.0 * normal [ 4; 2 ] (key 5)
    let state = zeros [ 4; 2 ]
    let batch w = state |> fixedPoint (anderson 5 |> perItem) (fun z -> tanh (z *@ w + x))
    let each w = vmap (fun (row: Tensor) -> zeros [ 2 ] |> fixedPoint (anderson 5) (fun z -> tanh (z *@ w + row))) x
    same (each cell.W) (batch cell.W)
    near 1e-9 (grad (each >> sum) cell.W) (grad (batch >> sum) cell.W)
    let account = state |> FixedPoint.solve (anderson 5 |> perItem) (fun z -> tanh (z *@ cell.W + x))
    Assert.Equal(4, account.Reports.Count)

    let message =
        errorOf (fun () -> state |> fixedPoint (anderson 5 |> perItem) (fun z -> 0.5 * z - mean z))

    Assert.Contains("row i of what the function returns must depend on row i", message)

[<Fact>]
let ``only what has a damping can be damped`` () =
    let error = Assert.Throws<TensorException>(fun () -> newton |> damp 0.5 |> ignore)
    Assert.StartsWith("[damp]", error.Message)

[<Fact>]
let ``a solver that is not seen through is differentiated by its equation`` () =
    let byHand (a: Tensor) (_: Tensor) = tensor (System.Math.Sqrt(a.ToDouble()))
    let squareRoot a = tensor 1.0 |> customRoot (Exact(LinearSolver.Gmres())) byHand (fun a z -> z * z - a) a
    near 1e-12 (tensor 3.0) (squareRoot (tensor 9.0))
    near 1e-12 (tensor (1.0 / 6.0)) (grad squareRoot (tensor 9.0))
    near 1e-12 (tensor (-1.0 / 108.0)) (grad (grad squareRoot) (tensor 9.0))

    let iterated (p: Cell) (z0: Tensor) = Seq.fold (fun z _ -> layer p z) z0 (seq { 1..200 })
    let loss p = zeros [ 2 ] |> customFixedPoint OneStep iterated layer p |> sum

    let expected =
        cell |> grad (fun p -> zeros [ 2 ] |> fixedPoint (anderson 5 |> via OneStep) (layer p) |> sum)

    near 1e-9 expected.W (grad loss cell).W

[<Fact>]
let ``a certificate reports on the adjoint solve beside the gradient`` () =
    let loss (p: Cell, certificate) = zeros [ 2 ] |> fixedPoint (anderson 5 |> certified certificate) (layer p) |> sum

    let gradient, certificate = (cell, zeros [ 4 ]) |> grad loss
    let report = LinearReport.Read certificate
    Assert.True report.IsSuccess
    Assert.True(report.Residual <= report.Tolerance)
    near 1e-8 (grad (fun p -> sum (unrolled p)) cell).B gradient.B
