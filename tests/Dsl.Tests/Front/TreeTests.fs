module Implicit.Tests.TreeTests

open System.Collections.Generic
open Implicit
open Implicit.Tests.Values
open Xunit

type Layer = { Weight: Tensor; Bias: Tensor option; Name: string }

type Model =
    | Leaf of Tensor
    | Sum of Model * Model
    | Stack of layers: Layer list
    | Empty

type Direction =
    | Down
    | Up

type private Hidden = { Secret: Tensor }

[<Struct>]
type Pair = { First: Tensor; Second: Tensor }

let private a, b, c = tensor 1.0, tensor [ 2.0; 3.0 ], tensor [ [ 4.0 ] ]

let private roundTrip (tree: 'T) (count: int) =
    Assert.Equal(count, (Tree.leaves tree).Length)
    let doubled = tree |> Tree.map (fun x -> 2.0 * x)
    List.iter2 (fun x y -> same (2.0 * x) y) (Tree.leaves tree) (Tree.leaves doubled)
    doubled

[<Fact>]
let ``records, options, unions, lists, arrays, tuples and maps are trees`` () =
    let layer = { Weight = c; Bias = Some b; Name = "first" }
    Assert.Equal("first", (roundTrip layer 2).Name)
    roundTrip { layer with Bias = None } 1 |> ignore
    roundTrip [ layer; layer ] 4 |> ignore
    roundTrip [| Some a; None |] 1 |> ignore
    roundTrip (a, (b, [ c ]), 3) 3 |> ignore
    roundTrip (struct (a, b)) 2 |> ignore
    roundTrip (Sum(Leaf a, Stack [ layer ])) 3 |> ignore
    Assert.Equal(Empty, roundTrip Empty 0)
    roundTrip (Map [ "w", a; "b", b ]) 2 |> ignore
    roundTrip {| Rate = 0.1; Value = a |} 1 |> ignore
    roundTrip { Secret = a } 1 |> ignore
    roundTrip { First = a; Second = b } 2 |> ignore
    roundTrip (Ok a: Result<Tensor, string>) 1 |> ignore
    roundTrip (ResizeArray [ a; b ]) 2 |> ignore
    roundTrip (Dictionary(dict [ "w", a ])) 1 |> ignore

type Network() =
    member val Weight = a with get, set

[<Fact>]
let ``a class that holds tensors is refused, one that holds none stays as it is`` () =
    let network = errorOf (fun () -> grad (fun (x: Tensor, net: Network) -> x * net.Weight) (a, Network()))
    Assert.StartsWith("[tree] tensors must be in records, tuples", network)
    Assert.EndsWith("Received Network with its field Weight.", network)
    let named = errorOf (fun () -> grad (fun (p: IDictionary<string, Tensor>) -> p["w"]) (dict [ "w", a ]))
    Assert.StartsWith("[tree] tensors must be in records, tuples", named)
    let names = HashSet [ "w"; "b" ]
    let count (x: Tensor, met: HashSet<string>) = x * float met.Count
    same (tensor 2.0) (grad count (a, names) |> fst)

type Computed(w: Tensor) =
    member _.W = w
    member val B = zeros [] with get, set

type Changing(w: Tensor) =
    let mutable b = zeros []
    member _.W = w

    member _.B
        with get () = b
        and set value = b <- value

type Holder(model: Pair) =
    member _.Inner = model

type Whole(w: Tensor) =
    member _.W = w

[<Fact>]
let ``a class is a tree where its constructor takes all tensors that it has`` () =
    same (tensor 6.0) (grad (fun (layer: Whole) -> layer.W * layer.W) (Whole(tensor 3.0))).W

    for field, run in
        [
            "B", (fun () -> (grad (fun (layer: Computed) -> layer.W * layer.B) (Computed(a, B = a))).W)
            "b", (fun () -> (grad (fun (layer: Changing) -> layer.W * layer.B) (Changing(a, B = a))).W)
            "model",
            (fun () ->
                grad (fun (x: Tensor, layer: Holder) -> x * layer.Inner.First) (a, Holder { First = a; Second = b })
                |> fst)
        ] do
        Assert.EndsWith($" with its field {field}.", errorOf run)

[<Fact>]
let ``a function that holds what is traced does not get out`` () =
    let refused start run =
        let error: string = errorOf run
        Assert.StartsWith($"[{start}] a function must not return others that hold what it was traced with", error)

    refused "vmap" (fun () -> vmap (fun (x: Tensor) (y: Tensor) -> x * y) b b)
    refused "compile" (fun () -> compile (fun (x: Tensor) (y: Tensor) -> x * y) b b)
    refused "checkpoint" (fun () -> checkpoint (fun (x: Tensor) (y: Tensor) -> x * y) b b)
    refused "compile" (fun () -> compile (fun (x: Tensor) -> x, (fun (y: Tensor) -> x * y)) b |> fst)
    refused "vmap" (fun () -> vmap (fun (x: Tensor) -> Some(fun (y: Tensor) -> x * y)) b)
    refused "jvp" (fun () -> jvp (fun (x: Tensor) -> x, (fun () -> { Secret = x })) b b |> fst |> fst)
    same (b * b) (vmap (fun (x: Tensor, y: Tensor) -> x * y) (b, b))
    let net = compile (fun key -> key |> Nn.mlp [ 2; 1 ] tanh) (key 0)
    Assert.Equal(2, net.Layers.Head.Weight.Shape[0])

[<Fact>]
let ``a gradient has the form of what it is taken by`` () =
    let model = Sum(Leaf b, Stack [ { Weight = c; Bias = Some a; Name = "only" } ])

    let rec total model =
        match model with
        | Leaf x -> sumsq x
        | Sum(left, right) -> total left + total right
        | Stack layers -> layers |> List.sumBy (fun layer -> sum layer.Weight * Option.get layer.Bias)
        | Empty -> scalar 0.0

    match model |> grad total with
    | Sum(Leaf x, Stack [ { Weight = w; Bias = Some bias; Name = "only" } ]) ->
        same (2.0 * b) x
        same (onesLike c) w
        same (tensor 4.0) bias
    | other -> Assert.Fail $"%A{other}"

[<Fact>]
let ``a lazy sequence of tensors is refused, for it would hold constants`` () =
    Assert.StartsWith(
        "[tree] a sequence of tensors must be a list or an array",
        errorOf (fun () -> Tree.leaves (seq { a }))
    )

[<Fact>]
let ``trees are mapped in pairs and counted`` () =
    let sum = Tree.map2 (+) (a, [ b ]) (a, [ b ])
    same (2.0 * b) (List.head (snd sum))
    Assert.Equal(4, Tree.size (a, [ b; c ]))
    Assert.StartsWith("[Tree.map2]", errorOf (fun () -> Tree.map2 (+) [ a ] [ a; b ]))

[<Fact>]
let ``cases and keys that differ are an error, where trees must be of one form`` () =
    let refused (expected: string) (run: unit -> 'T) = Assert.EndsWith(expected, errorOf run)
    let other = "Received keys b in place of keys a."
    let keyed (key: string) = Map [ key, a ]
    refused other (fun () -> Tree.map2 (+) (keyed "a") (keyed "b"))
    refused other (fun () -> keyed "a" |> fixedPoint picard (fun _ -> keyed "b"))
    let shifted = Choice<Tensor, Tensor>.Choice2Of2

    refused "Received Choice2Of2 in place of Choice1Of2." (fun () ->
        Choice1Of2 a |> fixedPoint picard (fun _ -> shifted a))

    let first =
        compile (function
            | Choice1Of2(x: Tensor) -> x
            | Choice2Of2(x: Tensor) -> 2.0 * x)

    same a (first (Choice1Of2 a))
    same (2.0 * a) (first (Choice2Of2 a))

[<Fact>]
let ``keys that print alike are told apart`` () =
    let refused (first: 'Key) (second: 'Key) (third: 'Key) (fourth: 'Key) =
        let refusal =
            errorOf (fun () -> Tree.map2 (+) (Map [ first, a; second, a ]) (Map [ third, a; fourth, a ]))

        Assert.StartsWith("[Tree.map2] both trees must be of one form. Received keys", refusal)

    refused "a, b" "c" "a" "b, c"
    let day = System.DateTime(2020, 1, 1)
    refused day (day.AddDays 1.0) (day.AddMilliseconds 1.0) (day.AddDays 1.0)

    let both = Tree.map2 (+) (Map [ [| 1; 2 |], a; [| 0 |], b ]) (Map [ [| 0 |], b; [| 1; 2 |], a ])

    same (2.0 * b) both[[| 0 |]]

[<Fact>]
let ``cases without tensors are told apart too`` () =
    let refused (run: unit -> 'T) = Assert.EndsWith("Received Up in place of Down.", errorOf run)

    let yes = a .> 0.0
    refused (fun () -> cond yes (fun x -> x, Down) (fun x -> x, Up) a)
    refused (fun () -> (a, Down) |> whileLoop (fun (x, _) -> x .< 3.0) (fun (x, _) -> x + 1.0, Up))
    refused (fun () -> (a, Down) |> scan (fun (x, _) y -> (x + y, Up), y) b)
    refused (fun () -> (a, Down) |> fixedPoint picard (fun (x, _) -> 0.5 * x, Up))
    Assert.Equal(Down, cond yes (fun x -> x, Down) (fun x -> x, Down) a |> snd)

    let some, none =
        errorOf (fun () -> cond yes (fun x -> x, None) (fun x -> x, Some 1) a),
        errorOf (fun () -> cond yes (fun x -> x, Some 1) (fun x -> x, None) a)

    Assert.EndsWith("Received Some in place of nothing.", some)
    Assert.EndsWith("Received nothing in place of Some.", none)

[<Fact>]
let ``a tensor in a record prints its elements`` () =
    Assert.Contains("[2.0, 3.0]", sprintf "%A" { Weight = b; Bias = None; Name = "only" })
    Assert.Equal("1.0", string a)

[<Fact>]
let ``a tree is one vector, and a vector the tree again`` () =
    let layer = { Weight = c; Bias = Some b; Name = "first" }
    let vector, unravel = Tree.ravel (layer, a)
    same (tensor [ 4.0; 2.0; 3.0; 1.0 ]) vector
    let doubled, twice = unravel (2.0 * vector)
    same (2.0 * c) doubled.Weight
    same (2.0 * b) doubled.Bias.Value
    Assert.Equal("first", doubled.Name)
    same (2.0 * a) twice

/// ½‖w‖² + ½‖w‖²·‖b‖², whose Newton step from w = 4, b = (2, 3) is H⁻¹g in the order of the tree.
[<Fact>]
let ``a Newton step by a whole tree is one by its vector`` () =
    let loss (p: Layer) = 0.5 * sumsq p.Weight * (1.0 + sumsq p.Bias.Value)

    let p = { Weight = c; Bias = Some b; Name = "" }
    let vector, unravel = Tree.ravel p
    let step = unravel (solve (hessian loss p) (fst (Tree.ravel (grad loss p))))
    let expected = unravel (solve (hessian (unravel >> loss) vector) (grad (unravel >> loss) vector))
    same expected.Weight step.Weight
    same expected.Bias.Value step.Bias.Value

[<Fact>]
let ``what is no vector of a tree is refused`` () =
    let unravel = snd (Tree.ravel (a, b))

    for wrong in [ ones [ 2 ]; ones [ 1; 3 ] ] do
        let refusal = errorOf (fun () -> unravel wrong)
        Assert.StartsWith("[unravel] the vector must have the 3 elements of the tree.", refusal)

    let mixed = errorOf (fun () -> Tree.ravel (a, toFloat32 b))
    Assert.StartsWith("[Tree.ravel] all tensors of the tree must have one element type.", mixed)
    Assert.StartsWith("[Tree.ravel]", errorOf (fun () -> Tree.ravel Empty))
