module Implicit.Tests.OdeTests

open System
open Implicit
open Implicit.Tests.Values
open Xunit

type Oscillator = { Position: Tensor; Velocity: Tensor }

let private ts = linspace 0.0 2.0 5
let private y0 = tensor [ 1.0; 2.0 ]

[<Fact>]
let ``every method solves decay to its order, whatever the adjoint`` () =
    let exact = (exp -ts |> unsqueeze 1) * y0

    for method, tolerance in
        [
            euler, 2e-2
            heun, 1e-4
            midpoint, 1e-4
            rk4, 1e-8
            bosh3, 1e-5
            dopri5, 1e-6
            tsit5, 1e-6
            dopri8, 1e-6
        ] do
        for adjoint in [ Direct; Checkpointed 4; Backsolve ] do
            let control =
                if tolerance >= 1e-4 || method.Method = Tableau.Rk4 then
                    fixedStep 0.01
                else
                    method.Steps

            let solver = method |> steps control |> via adjoint |> maxSteps 10000
            near tolerance exact (y0 |> odeint solver (fun _ y -> -y) ts)
            let gradient = y0 |> grad (fun y0 -> sum (y0 |> odeint solver (fun _ y -> -y) ts |> index 0 -1))
            near tolerance (exp -2.0 * ones [ 2 ]) gradient

[<Fact>]
let ``the state is any record, and captures are differentiated`` () =
    let final (frequency: Tensor) =
        let field _ s = { Position = s.Velocity; Velocity = -frequency * frequency * s.Position }
        let path = { Position = tensor 1.0; Velocity = tensor 0.0 } |> odeint tsit5 field ts
        path.Position[-1]

    let w = tensor 1.5
    near 1e-6 (cos (2.0 * w)) (final w)
    near 1e-6 (-2.0 * sin (2.0 * w)) (grad final w)
    near 1e-5 (-4.0 * cos (2.0 * w)) (grad (grad final) w)

[<Fact>]
let ``options are changed one by one`` () =
    let solver = dopri5 |> tol 1e-3 1e-4 |> rtol 1e-5 |> maxSteps 7 |> steps StepControl.PI |> via Backsolve
    Assert.Equal(1e-5, solver.RelativeTolerance)
    Assert.Equal(1e-4, solver.AbsoluteTolerance)
    Assert.Equal(1e-6, (solver |> atol 1e-6).AbsoluteTolerance)
    Assert.Equal(7, solver.MaxSteps)
    Assert.Equal(StepControl.PI, solver.Steps)
    Assert.Equal(Backsolve, solver.Adjoint)
    Assert.Equal(Tableau.Dopri5, { Ode.defaults with MaxSteps = 3 }.Method)

    let maximum =
        { dopri5 with
            Norm = Some(fun errors -> errors |> List.map maxNorm |> List.reduce (fun a b -> maximum a b))
        }

    near 1e-6 ((exp -ts |> unsqueeze 1) * y0) (y0 |> odeint maximum (fun _ y -> -y) ts)

[<Fact>]
let ``solve tells what it cost and what lies between`` () =
    let solution = y0 |> Ode.solve dopri5 (fun _ y -> -y) ts
    Assert.True solution.IsSuccess
    Assert.True(solution.Statistics.Accepted > 0)
    near 1e-6 (exp -1.23 * y0) (solution.At 1.23)

[<Fact>]
let ``a failure is a status, an error value or an exception, as asked`` () =
    let blowUp _ (y: Tensor) = y * y
    let solution = y0 |> Ode.solve dopri5 blowUp ts
    Assert.False solution.IsSuccess
    Assert.True(Result.isError (y0 |> Ode.trySolve dopri5 blowUp ts))
    Assert.True(Result.isOk (y0 |> Ode.trySolve dopri5 (fun _ y -> -y) ts))
    let error = Assert.Throws<SolveException>(fun () -> y0 |> odeint dopri5 blowUp ts |> ignore)
    Assert.Contains("t = ", error.Message)

    Assert.Throws<SolveException>(fun () -> y0 |> odeint (dopri5 |> maxSteps 2) (fun _ y -> -y) ts |> ignore)
    |> fun error -> Assert.Contains("MaxSteps", error.Message)

[<Fact>]
let ``each item of a batch has a status of its own`` () =
    let all =
        {| Y = tensor [ 0.5; 2.0 ] |}
        |> Ode.solveEach dopri5 (fun rate _ y -> {| Y = rate * y.Y * y.Y |}) (ones [ 2 ]) (tensor [ 0.0; 1.0 ])

    Assert.Equal<bool list>([ true; false ], [ for item in all.Items -> item.IsSuccess ])
    near 1e-6 (tensor 1.0) all.Values.Y[0, 1]
    Assert.Contains("item 1 of 2", all.Message)
