module Implicit.Tests.SelectionTests

open System
open Implicit
open Implicit.Testing
open Implicit.Tests.Values
open Xunit

/// Also where elements are NaN or infinite.
let private exactly (expected: Tensor) (actual: Tensor) =
    Assert.Equal(expected.DType, actual.DType)
    Assert.Equal<int seq>(expected.Shape, actual.Shape)
    Assert.Equal<float seq>(expected.ToArray(), actual.ToArray())

let private rows = tensor [ [ 3.0; nan; -1.0; 3.0 ]; [ 0.5; 2.0; infinity; -infinity ] ]

[<Fact>]
let ``orders may descend, and NaN stays last`` () =
    exactly (tensor [ [ 3.0; 3.0; -1.0; nan ]; [ infinity; 2.0; 0.5; -infinity ] ]) (sortDescending -1 rows)
    same (tensor [ [ 0; 3; 2; 1 ]; [ 2; 1; 0; 3 ] ]) (argsortDescending -1 rows)

[<Fact>]
let ``the largest come with their places, and their derivative goes there`` () =
    let values, places = topk 2 rows
    exactly (tensor [ [ 3.0; 3.0 ]; [ infinity; 2.0 ] ]) values
    same (tensor [ [ 0; 3 ]; [ 2; 1 ] ]) places
    let x = tensor [ 1.0; 4.0; 2.0; 3.0 ]
    same (tensor [ 0.0; 8.0; 0.0; 6.0 ]) (grad (fun x -> x |> topk 2 |> fst |> sumsq) x)
    same (vmap (topk 2 >> fst) (stack 0 [ x; -x ])) (fst (topk 2 (stack 0 [ x; -x ])))
    Assert.StartsWith("[topK] k must be between 0 and", errorOf (fun () -> topk 5 x))
    Assert.StartsWith("[topK] k must be between 0 and", errorOf (fun () -> topk 1 (scalar 1.0)))

[<Fact>]
let ``finite and infinite elements are told apart`` () =
    same (tensor [ [ true; false; true; true ]; [ true; true; false; false ] ]) (isFinite rows)
    same (tensor [ [ false; false; false; false ]; [ false; false; true; true ] ]) (isInfinite rows)
    Assert.StartsWith("[isFinite]", errorOf (fun () -> isFinite (tensor [ 1 ])))

[<Property>]
let ``cross-entropy is the mean of −log of the probability of the class`` (logits: float list) =
    let logits =
        [
            for logit in 0.5 :: logits ->
                if Double.IsFinite logit then
                    Math.Clamp(logit, -30.0, 30.0)
                else
                    1.0
        ]

    let items = stack 0 [ tensor logits; tensor (List.rev logits) ]
    let classes = [ 0; logits.Length - 1 ]
    let logOfAll = logits |> List.sumBy exp |> log
    // Both are the first logit.
    let expected = logOfAll - logits.Head
    abs (float (crossEntropy (tensor classes) items) - expected) <= 1e-10 * (1.0 + abs expected)

[<Fact>]
let ``the derivative of cross-entropy is the softmax without the class`` () =
    let logits = tensor [ [ 0.3; -1.0; 2.0 ]; [ 1.0; 1.0; 0.0 ] ]
    let classes = tensor [ 2; 0 ]
    let expected = (softmax -1 logits - toFloat64 (oneHot 3 classes)) / 2.0
    near 1e-12 expected (grad (crossEntropy classes) logits)

[<Fact>]
let ``classes that do not fit the logits are an error`` () =
    let logits = zeros [ 2; 3 ]

    Assert.StartsWith(
        "[crossEntropy] the classes must be int64",
        errorOf (fun () -> crossEntropy (tensor [ 1 ]) logits)
    )

    Assert.StartsWith("[crossEntropy]", errorOf (fun () -> crossEntropy (tensor [ 1.0; 2.0 ]) logits))

[<Fact>]
let ``dropout keeps the mean, and what it drops has no derivative`` () =
    let x = ones [ 100; 100 ]
    let y = dropout 0.3 (key 4) x
    let kept = toFloat64 (y .> 0.0)
    near 1e-12 (kept / 0.7) y
    Assert.InRange(float (mean kept), 0.68, 0.72)
    same y (grad (dropout 0.3 (key 4) >> sum) x)
    same x (dropout 0.0 (key 4) x)
    Assert.Equal(DType.Float32, (dropout 0.5 (key 0) (toFloat32 x)).DType)
    Assert.StartsWith("[dropout] the rate must lie in [0, 1)", errorOf (fun () -> dropout 1.0 (key 0) x))
