module internal Implicit.Tests.Values

open Implicit
open Xunit

let near (tolerance: float) (expected: Tensor) (actual: Tensor) =
    Assert.Equal<int seq>(expected.Shape, actual.Shape)

    for expected, actual in Seq.zip (expected.ToArray()) (actual.ToArray()) do
        Assert.True(
            abs (expected - actual) <= tolerance * max 1.0 (abs expected),
            $"expected {expected}, found {actual}"
        )

let same (expected: Tensor) (actual: Tensor) =
    Assert.Equal(expected.DType, actual.DType)
    near 0.0 expected actual

/// The message of the error that a computation must raise.
let errorOf (f: unit -> 'T) = Assert.Throws<TensorException>(fun () -> f () |> ignore).Message
