/// What CS1591 is to C#, for F#, whose compiler does not ask for documentation.
module Implicit.Tests.House.DocumentationTests

open System
open System.IO
open System.Reflection
open System.Runtime.CompilerServices
open System.Xml.Linq
open Microsoft.FSharp.Reflection
open Xunit

let private front = Assembly.Load "Implicit"

/// "M:Implicit.Ode.solve" of "M:Implicit.Ode.solve``1(System.Double)": overloads share a name.
let private plain (id: string) = (id.Split('(')[0]).Split("``")[0]

let private documented =
    let xml = XDocument.Load(nonNull (Path.ChangeExtension(front.Location, ".xml")))

    xml.Descendants "member"
    |> Seq.filter (fun entry -> not (String.IsNullOrWhiteSpace entry.Value) || entry.HasElements)
    |> Seq.choose (fun entry -> entry.Attribute "name" |> Option.ofObj)
    |> Seq.map (fun name -> plain name.Value)
    |> Set.ofSeq

// The compiler adds attributes to what it writes; an inline function's twin with witnesses has only a name to know it by.
let private isWritten (m: MemberInfo) = m.IsDefined(typeof<CompilerGeneratedAttribute>, false) || m.Name.EndsWith "$W"

let private isData (t: Type) = FSharpType.IsUnion t || FSharpType.IsRecord t || FSharpType.IsExceptionRepresentation t

let private membersOf (t: Type) : MemberInfo seq =
    t.GetMembers(BindingFlags.Public ||| BindingFlags.Static ||| BindingFlags.Instance ||| BindingFlags.DeclaredOnly)
    |> Seq.filter (fun m ->
        not (isWritten m)
        && match m with
           | :? PropertyInfo -> true
           | :? MethodInfo as f ->
               let isNamed = not f.IsSpecialName || f.Name.StartsWith "op_" || f.Name.Contains "|"
               isNamed && f.GetBaseDefinition().DeclaringType = t // an override is documented where it comes from
           | _ -> false)

let private idsOf (t: Type) =
    let owner = (nonNull t.FullName).Replace('+', '.')

    seq {
        yield [ $"T:{owner}" ]

        for m in membersOf t do
            yield [ for kind in "MPF" -> $"{kind}:{owner}.{m.Name}" ]

        if FSharpType.IsUnion t then
            for case in FSharpType.GetUnionCases t do
                yield [ $"T:{owner}.{case.Name}" ]
    }

[<Fact>]
let ``everything public is documented`` () =
    let silent =
        front.GetExportedTypes()
        |> Seq.filter (fun t -> not (isWritten t) && not (t.IsNested && isData (nonNull t.DeclaringType)))
        |> Seq.collect idsOf
        |> Seq.filter (List.forall (fun id -> not (documented.Contains id)))
        |> Seq.map List.head
        |> List.ofSeq

    Assert.True(silent.IsEmpty, "No documentation for:\n" + String.concat "\n" silent)
