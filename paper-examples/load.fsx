// Every .fsx here begins with #load "load.fsx": it references the library as built in this clone.
// "Unable to find the file" below means that it is not built yet: run ./build.sh --target=Build first.
[<AutoOpen>]
module Load

#r "../src/Core.CSharp/bin/Release/net10.0/Implicit.Core.dll"
#r "../src/Dsl/bin/Release/net10.0/Implicit.dll"
#r "../src/Dsl/bin/Release/net10.0/Spectre.Console.dll"

open System
open System.IO
open Implicit

fsi.AddPrinter(fun (x: Tensor) -> string x)
fsi.AddPrinter(fun (shape: Shape) -> string shape)
fsi.AddPrinter(fun (key: RandomKey) -> string key)
fsi.AddPrinter(fun (method: Tableau) -> string method)
fsi.AddPrinter(fun (control: StepControl) -> string control)
fsi.AddPrinter(fun (adjoint: Adjoint) -> string adjoint)
fsi.AddPrinter(fun (figure: Plotting.Figure) -> string figure)

/// Whether the script was started with --quick: less work, looser bounds, for the build.
let quick = fsi.CommandLineArgs |> Array.contains "--quick"

/// Writes a figure under figures/ beside the scripts; a quick run's goes under artifacts/, for it shows less.
let show (name: string) (figure: Plotting.Figure) =
    let folder = if quick then "../artifacts/figures" else "figures"
    let path = Path.GetFullPath(Path.Combine(__SOURCE_DIRECTORY__, folder, name + ".svg"))
    Plot.save path figure
    printfn $"picture: {Path.GetRelativePath(Environment.CurrentDirectory, path)}"

/// How many megabytes of tensors there are at most while something is computed, beyond those before, watched every millisecond. A run before
/// that, unwatched, makes the plans.
let memoryOf (work: unit -> 'Tree) : float =
    work () |> Tree.evaluate |> ignore
    GC.Collect()
    GC.WaitForPendingFinalizers()
    let before = TensorMemory.Used
    let mutable peak = before
    use computed = new Threading.ManualResetEventSlim()

    let watcher =
        Threading.Tasks.Task.Run(fun () ->
            while not (computed.Wait 1) do
                peak <- max peak TensorMemory.Used)

    work () |> Tree.evaluate |> ignore
    computed.Set()
    watcher.Wait()
    float (peak - before) / 1e6

let private verdict holds metric (value: float) (bound: float) =
    printfn "%s %s=%.4g bound=%g" (if holds then "PASS" else "FAIL") metric value bound

    if not holds then
        exit 1

/// Prints whether a figure is at most its bound, and ends the script with an error if it is not.
let atMost (bound: float) (metric: string) (value: float) = verdict (value <= bound) metric value bound

/// Prints whether a figure is at least its bound, and ends the script with an error if it is not.
let atLeast (bound: float) (metric: string) (value: float) = verdict (value >= bound) metric value bound
