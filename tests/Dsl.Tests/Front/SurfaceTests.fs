/// An operation is written once, on Tensor; its names in F# and in Functions must not be forgotten.
module Implicit.Tests.SurfaceTests

open System
open System.Reflection
open Implicit
open Xunit

let private operations =
    typeof<Tensor>.GetMethods(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.DeclaredOnly)
    |> Seq.filter (fun m -> not m.IsSpecialName && m.Name <> "Of")
    |> Seq.map _.Name
    |> Set.ofSeq

// F#'s own functions find these on Tensor.
let private builtIn =
    set
        [
            "Abs"
            "Acos"
            "Asin"
            "Atan"
            "Atan2"
            "Ceiling"
            "Cos"
            "Cosh"
            "Exp"
            "Floor"
            "Log"
            "Log10"
            "Pow"
            "Round"
            "Sin"
            "Sinh"
            "Sqrt"
            "Tan"
            "Tanh"
            "Truncate"
        ]

// These are called otherwise in F#.
let private renamed =
    Map
        [
            "And", "logicalAnd"
            "Or", "logicalOr"
            "Not", "logicalNot"
            "Less", ".<"
            "LessOrEqual", ".<="
            "Greater", ".>"
            "GreaterOrEqual", ".>="
            "Equal", ".=="
            "NotEqual", ".<>"
            "Max", "amax"
            "Min", "amin"
            "Argmin", "argminAlong"
            "Split", "chunk"
            "SolveTriangular", "solveLower"
        ]

[<Fact>]
let ``every operation has a function in C#`` () =
    let functions = typeof<Functions>.GetMethods() |> Seq.map _.Name |> Set.ofSeq
    let missing = operations - functions
    Assert.True(missing.IsEmpty, "src/Core.CSharp/Front/Functions has no: " + String.concat ", " missing)

[<Fact>]
let ``every operation has a function in F#`` () =
    let front = Assembly.Load "Implicit"

    let functions =
        front.GetExportedTypes()
        |> Seq.filter (fun t -> t.IsDefined(typeof<AutoOpenAttribute>, false))
        |> Seq.collect _.GetMethods()
        |> Seq.map (fun m ->
            match m.GetCustomAttribute<CompilationSourceNameAttribute>() with
            | null -> m.Name.ToLowerInvariant()
            | name -> name.SourceName)
        |> Set.ofSeq

    let operators = set [ ".<"; ".<="; ".>"; ".>="; ".=="; ".<>" ]

    let missing =
        operations - builtIn
        |> Seq.filter (fun operation ->
            let name = renamed.TryFind operation |> Option.defaultValue operation
            not (operators.Contains name || functions.Contains(name.ToLowerInvariant())))

    Assert.True(Seq.isEmpty missing, "src/Dsl/Tensors has no: " + String.concat ", " missing)
