/// Reads nested lists, arrays and sequences of numbers.
module internal Implicit.Nested

open System
open System.Collections
open Implicit

let private fail must received = raise (TensorException $"[tensor] {must}. Received {received}.")

/// The element type that the type of nested collections tells, also where there are no elements.
let rec private elementType (data: Type) =
    let isSequence (shape: Type) = shape.IsGenericType && shape.GetGenericTypeDefinition() = typedefof<seq<_>>

    if data = typeof<float> then
        Some DType.Float64
    elif data = typeof<float32> then
        Some DType.Float32
    elif data = typeof<int> || data = typeof<int64> then
        Some DType.Int64
    elif data = typeof<bool> then
        Some DType.Bool
    elif data.IsArray then
        elementType (data.GetElementType() |> nonNull)
    else
        data :: List.ofArray (data.GetInterfaces())
        |> List.tryFind isSequence
        |> Option.bind (fun shape -> elementType (shape.GetGenericArguments()[0]))

/// The shape, the element type and the elements met so far, row-major.
type private Reader() =
    let elements = ResizeArray<float>()
    // Not among the elements: a float does not hold every one.
    let integers = ResizeArray<int64>()
    let mutable dtype = None

    /// A tensor of what was met; of nothing it has the type that is given.
    member _.Tensor(shape, otherwise) =
        match defaultArg dtype otherwise with
        | DType.Int64 -> Tensor.Reshape(Tensor.Of(integers.ToArray()), shape)
        | dtype -> Tensor.Of(ReadOnlySpan<float>(elements.ToArray()), shape, dtype)

    member private _.Meet found =
        match dtype with
        | Some known when known <> found -> fail "all elements must be of one type" $"{known} and {found}"
        | _ -> dtype <- Some found

    member private reader.Many(found, values: seq<float>) =
        reader.Meet found
        let before = elements.Count
        elements.AddRange values
        [ elements.Count - before ]

    member private reader.One(found, value) =
        reader.Meet found
        elements.Add value
        []

    member private reader.Integer value =
        reader.Meet DType.Int64
        integers.Add value
        []

    member private reader.Rows(rows: IEnumerable) =
        let shapes = [ for row in rows -> reader.Read row ]

        match List.distinct shapes with
        | [] -> [ 0 ]
        | [ shape ] -> shapes.Length :: shape
        | first :: other :: _ -> fail "all rows must have the same shape" $"{first} and {other}"

    member reader.Read(data: objnull) : int list =
        match data with
        | :? Array as block when block.Rank > 1 ->
            reader.Rows block |> ignore
            [ for axis in 0 .. block.Rank - 1 -> block.GetLength axis ]
        | :? seq<float> as values -> reader.Many(DType.Float64, values)
        | :? float as value -> reader.One(DType.Float64, value)
        | :? float32 as value -> reader.One(DType.Float32, float value)
        | :? int as value -> reader.Integer(int64 value)
        | :? int64 as value -> reader.Integer value
        | :? bool as value -> reader.One(DType.Bool, (if value then 1.0 else 0.0))
        | :? Tensor -> fail "the elements must be numbers or truth values (stack joins tensors)" "a tensor"
        | :? string -> fail "the elements must be numbers or truth values" "text"
        | :? IEnumerable as rows -> reader.Rows rows
        | null -> fail "the elements must be numbers or truth values" "null"
        | other -> fail "the elements must be numbers or truth values" (other.GetType().Name)

/// A tensor of nested data.
let read (data: objnull) : Tensor =
    match data with
    | :? (float[]) as vector -> Tensor.Of vector
    | :? (float32[]) as vector -> Tensor.Of vector
    | :? (int64[]) as vector -> Tensor.Of vector
    | _ ->
        let reader = Reader()
        let shape = reader.Read data

        let otherwise =
            Option.ofObj data
            |> Option.bind (fun data -> elementType (data.GetType()))
            |> Option.defaultValue DType.Float64

        reader.Tensor(Shape.Of shape, otherwise)
