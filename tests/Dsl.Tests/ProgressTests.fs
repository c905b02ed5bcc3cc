module Implicit.Tests.ProgressTests

open System
open System.IO
open Spectre.Console
open Xunit
open Implicit
open Implicit.Reporting

[<Fact>]
let ``fold carries the state through the steps in order`` () =
    let steps = [] |> Progress.fold "steps" 5 (fun step _ seen -> step :: seen)
    Assert.Equal<int list>([ 4; 3; 2; 1; 0 ], steps)

[<Fact>]
let ``no steps leave the state as it is`` () =
    Assert.Equal(7, 7 |> Progress.fold "none" 0 (fun _ _ _ -> failwith "there is no step to run"))

[<Fact>]
let ``a negative number of steps is named`` () =
    let run () = Progress.run "training" -1 (fun _ _ -> ())
    let error = Assert.Throws<ArgumentException> run
    Assert.Equal("[Progress.fold] the number of steps must not be negative. Received -1.", error.Message)

[<Fact>]
let ``what a step throws comes through, and the next loop still runs`` () =
    let fail () =
        Progress.run "failing" 3 (fun step _ ->
            if step = 1 then
                invalidOp "step 1")

    Assert.Equal("step 1", (Assert.Throws<InvalidOperationException> fail).Message)
    let mutable ran = 0
    Progress.run "next" 3 (fun _ _ -> ran <- ran + 1)
    Assert.Equal(3, ran)

[<Fact>]
let ``a loop inside a loop runs all its steps`` () =
    let mutable ran = 0
    Progress.run "outer" 3 (fun _ _ -> Progress.run "inner" 4 (fun _ _ -> ran <- ran + 1))
    Assert.Equal(12, ran)

let private drive steps (display: Display) =
    for step in 1..steps do
        display.Report "loss" (1.0 / float step)
        display.Advance step

[<Theory>]
[<InlineData(1, 1)>]
[<InlineData(7, 7)>]
[<InlineData(10, 10)>]
[<InlineData(1234, 10)>]
let ``without a terminal there are at most ten lines, the last at the last step`` (steps: int, expected: int) =
    use writer = new StringWriter()
    Display.lines writer "training" steps (drive steps)
    let lines = (string writer).Split('\n', StringSplitOptions.RemoveEmptyEntries)
    Assert.Equal(expected, lines.Length)
    Assert.StartsWith($"training  {steps}/{steps}  loss ", Array.last lines)

[<Fact>]
let ``a bar shows the title, the figures and the share done, brackets included`` () =
    use writer = new StringWriter()

    let settings =
        AnsiConsoleSettings(
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = AnsiConsoleOutput writer
        )

    Display.bar (AnsiConsole.Create settings) "training [a]" 20 (drive 20)
    let text = string writer
    Assert.Contains("training [a]  loss 0.05", text)
    Assert.Contains("100%", text)
