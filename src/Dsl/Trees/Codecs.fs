/// F#'s trees for the core: lists, options and other unions, records (also anonymous and private ones), maps.
module internal Implicit.Trees.Codecs

open System
open System.Reflection
open Implicit
open Implicit.Transforms
open Microsoft.FSharp.Reflection

let private hidden = BindingFlags.Public ||| BindingFlags.NonPublic

type private ListCodec<'T>() =
    interface ITreeCodec with
        member _.Children value = [| for item in (value :?> 'T list) -> box item |]
        member _.With(_, children) = [ for child in children -> unbox<'T> child ]

type private MapCodec<'Key, 'Value when 'Key: comparison>() =
    interface ITreeCodec with
        member _.Children value = [| for entry in (value :?> Map<'Key, 'Value>) -> box entry.Value |]

        member _.With(value, children) =
            let keys = (value :?> Map<'Key, 'Value>).Keys
            Map.ofSeq (Seq.map2 (fun key child -> key, unbox<'Value> child) keys children)

        member _.Kind value = TreeKeys [| for entry in (value :?> Map<'Key, 'Value>) -> box entry.Key |]

type private RecordCodec(record: Type) =
    let read = FSharpValue.PreComputeRecordReader(record, hidden)
    let make = FSharpValue.PreComputeRecordConstructor(record, hidden)

    interface ITreeCodec with
        member _.Children value = read value
        member _.With(_, children) = make children

type private UnionCodec(union: Type) =
    let tag = FSharpValue.PreComputeUnionTagReader(union, hidden)
    let cases = FSharpType.GetUnionCases(union, hidden)
    let read = cases |> Array.map (fun case -> FSharpValue.PreComputeUnionReader(case, hidden))
    let make = cases |> Array.map (fun case -> FSharpValue.PreComputeUnionConstructor(case, hidden))

    interface ITreeCodec with
        member _.Children value = read[tag value] value
        member _.With(value, children) = nonNull (make[tag value] children)
        member _.Kind value = cases[tag value].Name

/// A lazy sequence could be read only once and would silently hold constants.
let private refuse (sequence: Type) =
    raise (TensorException $"[tree] a sequence of tensors must be a list or an array. Received {sequence.Name}.")

let private isGeneric (definition: Type) (wanted: Type) =
    wanted.IsGenericType && wanted.GetGenericTypeDefinition() = definition

let private instance (definition: Type) (wanted: Type) =
    nonNull (Activator.CreateInstance(definition.MakeGenericType(wanted.GetGenericArguments()))) :?> ITreeCodec

/// The union of a value, which may be of the nested type of a case.
let private unionOf (wanted: Type) =
    if FSharpType.IsUnion(wanted, hidden) then
        (Array.head (FSharpType.GetUnionCases(wanted, hidden))).DeclaringType
    else
        wanted

/// How a type of F# is taken apart; null for what the core knows.
let codecFor (wanted: Type) : ITreeCodec | null =
    let union = unionOf wanted

    if isGeneric typedefof<list<_>> union then
        instance typedefof<ListCodec<_>> union
    elif isGeneric typedefof<Map<_, _>> wanted then
        instance typedefof<MapCodec<_, _>> wanted
    elif FSharpType.IsUnion(wanted, hidden) then
        UnionCodec union
    elif FSharpType.IsRecord(wanted, hidden) then
        RecordCodec wanted
    elif FSharpType.IsFunction wanted then
        ConstantCodec.Instance
    elif wanted.IsArray || isGeneric typedefof<ResizeArray<_>> wanted then
        null
    elif typeof<seq<Tensor>>.IsAssignableFrom wanted then
        refuse wanted
    else
        null

let private registered = lazy (Tree.Register(Func<_, _> codecFor))

/// Has the core know F#'s types from here on.
let ready () = registered.Force()

/// A function as the core takes it, which then knows F#'s types.
let func (f: 'X -> 'Y) =
    ready ()
    Func<'X, 'Y> f

/// A function of two arguments as the core takes it, which then knows F#'s types.
let func2 (f: 'X -> 'Y -> 'Z) =
    ready ()
    Func<'X, 'Y, 'Z>(fun x y -> f x y)

/// A function of three arguments as the core takes it, which then knows F#'s types.
let func3 (f: 'W -> 'X -> 'Y -> 'Z) =
    ready ()
    Func<'W, 'X, 'Y, 'Z>(fun w x y -> f w x y)
