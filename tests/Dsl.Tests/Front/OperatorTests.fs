module Implicit.Tests.OperatorTests

open System
open Implicit
open Implicit.Tests.Values
open Xunit

let private x = tensor [ 0.5; 1.5; 2.5 ]

[<Fact>]
let ``F#'s functions work on tensors as on numbers`` () =
    let agree (f: Tensor -> Tensor) (g: float -> float) = near 1e-15 (tensor [ for v in x.ToArray() -> g v ]) (f x)

    agree exp exp
    agree log log
    agree log10 log10
    agree sin sin
    agree cos cos
    agree tan tan
    agree (fun x -> asin (x / 3.0)) (fun v -> asin (v / 3.0))
    agree (fun x -> acos (x / 3.0)) (fun v -> acos (v / 3.0))
    agree atan atan
    agree sinh sinh
    agree cosh cosh
    agree tanh tanh
    agree sqrt sqrt
    agree (fun x -> abs (x - 1.0)) (fun v -> abs (v - 1.0))
    agree floor floor
    agree ceil ceil
    agree round round
    agree truncate truncate
    agree (fun x -> atan2 x (x + 1.0)) (fun v -> atan2 v (v + 1.0))
    agree (fun x -> x ** 3.0) (fun v -> v ** 3.0)
    agree (fun x -> x ** x) (fun v -> v ** v)
    agree sign (fun v -> float (Math.Sign v))

[<Fact>]
let ``whole numbers are numbers too`` () =
    near 1e-15 (tensor [ 1.25; 3.25; 5.25 ]) (2 * x + 1 / tensor 4.0)
    near 1e-15 (tensor [ 0.0; 0.5; 1.0 ]) ((x - 1) / 2 + 0.25)
    near 1e-15 (tensor [ 0.25; 2.25; 6.25 ]) (x ** 2)

[<Fact>]
let ``numbers stand on both sides of an operator and adapt to float32`` () =
    near 1e-15 (tensor [ 2.0; 4.0; 6.0 ]) (1.0 + x * 2.0 - 0.0)
    near 1e-15 (tensor [ 4.0; 4.0 / 3.0; 0.8 ]) (2.0 / x)
    let single = toFloat32 x
    Assert.Equal(DType.Float32, (2.0 * single + 1.0).DType)
    Assert.Equal(DType.Float32, (where (single .> 1.0) single 0.0).DType)
    Assert.Equal(DType.Float32, (maximum 1.0 single).DType)

[<Fact>]
let ``float32 numbers stand beside tensors as others do`` () =
    let single = toFloat32 x
    same (0.1f + toFloat32 (tensor [ 0.5; 1.5; 2.5 ])) (single + 0.1f)
    same (0.1 * single) (0.1f * single)
    near 1e-15 (tensor [ 1.0; -1.0; -3.0 ]) (2.0f - x * 2.0f)
    near 1e-15 (tensor [ 4.0; 4.0 / 3.0; 0.8 ]) (1.0f / (x / 2.0f))
    near 1e-15 (x ** 1.5) (x ** 1.5f)
    same (tensor [ false; true; true ]) (single .> 1.0f)
    Assert.Equal(DType.Float32, (where (single .> 1.0f) single 0.0f).DType)

[<Fact>]
let ``comparisons make masks, and masks choose`` () =
    same (tensor [ false; true; true ]) (x .> 1.0)
    same (tensor [ true; false; false ]) (x .<= 0.5)
    same (tensor [ false; true; false ]) (x .== tensor [ 0.0; 1.5; 0.0 ])
    same (tensor [ true; false; true ]) (x .<> 1.5)
    same (tensor [ true; true; false ]) (x .< 2.0)
    same (tensor [ false; true; true ]) (x .>= 1.5)
    same (tensor [ 0.0; 1.5; 2.5 ]) (where (x .> 1.0) x 0.0)
    same (tensor [ 1.0; 1.5; 2.0 ]) (x |> clamp 1.0 2.0)
    same (tensor [ false; true; false ]) (logicalAnd (x .> 1.0) (x .< 2.0))
    same (tensor [ true; false; true ]) (logicalOr (x .< 1.0) (x .> 2.0))
    same (tensor [ true; false; false ]) (logicalNot (x .> 1.0))

[<Fact>]
let ``the matrix product binds as a product`` () =
    let w = tensor [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]
    let b = tensor [ 10.0; 20.0 ]
    same (tensor [ 14.0; 26.0 ]) (tensor [ 1.0; 1.0 ] *@ w + b)
    same (tensor [ 13.0; 27.0 ]) (b + w *@ ones [ 2 ])

[<Fact>]
let ``scalars are read by F#'s conversions`` () =
    let mean = mean x
    Assert.Equal(1.5, float mean)
    Assert.Equal(1.5f, float32 mean)
    Assert.Equal(1, int mean)
    Assert.StartsWith("[toDouble]", errorOf (fun () -> float x))

[<Fact>]
let ``reductions name their axes and can keep them`` () =
    let m = tensor [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]
    same (tensor 10.0) (sum m)
    same (tensor [ 4.0; 6.0 ]) (m |> sumAlong [ 0 ])
    same (tensor [ 1.5; 3.5 ]) (m |> meanAlong [ -1 ])
    same (tensor [ [ -1.0; -1.0 ]; [ 1.0; 1.0 ] ]) (m - (m |> keepDims meanAlong [ 0 ]))
    same (m |> keepDims meanAlong [ 0; 1 ]) (m |> keepDims meanAlong [])
    same (tensor 2.0) (tensor 2.0 |> keepDims meanAlong [])
    same (tensor [ 1; 1 ]) (m |> argmax 1)
    same (tensor [ 1; 1 ]) (m |> argmaxAlong 1)
    same (tensor [ 0; 0 ]) (m |> argminAlong 1)
    same (tensor 4.0) (amax m)
    same (tensor [ 1.0; 3.0 ]) (m |> aminAlong [ 1 ])
    near 1e-15 (tensor (sqrt 30.0)) (norm m)
    near 1e-15 (tensor 30.0) (sumsq m)
    near 1e-15 (tensor 1.25) (variance m)
    near 1e-12 (ones [ 2 ]) (m |> softmax 1 |> sumAlong [ 1 ])
    near 1e-15 (tensor (log (Seq.sumBy exp [ 1.0; 2.0; 3.0; 4.0 ]))) (logsumexp m)

[<Fact>]
let ``algebra solves what it multiplied`` () =
    let a = tensor [ [ 4.0; 1.0 ]; [ 1.0; 3.0 ] ]
    let b = tensor [ 1.0; 2.0 ]
    let l = cholesky a
    near 1e-14 b (a *@ solve a b)
    near 1e-14 a (l *@ transpose l)
    near 1e-14 b (l *@ solveLower l b)
    near 1e-14 (eye 2) (inverse a *@ a)
    near 1e-14 (tensor (log 11.0)) (logdet a)
    near 1e-14 (outer b b) (einsum "i,j->ij" [ b; b ])
    near 1e-14 (dot b b) (trace (outer b b))
    let values, vectors = eigh a
    near 1e-13 a (vectors *@ diag values *@ transpose vectors)
    let q, r = qr a
    near 1e-13 a (q *@ r)
    let u, s, vt = svd a
    near 1e-13 a (u *@ diag s *@ vt)

[<Fact>]
let ``an error names the operation and what came`` () =
    Assert.Equal(
        "[matmul] inner extents must agree. Received left float64[2, 3] and right float64[2, 4].",
        errorOf (fun () -> ones [ 2; 3 ] *@ ones [ 2; 4 ])
    )

[<Fact>]
let ``arithmetic with truth values says what to do`` () =
    let error = errorOf (fun () -> 2.0 * (tensor [ 1.0 ] .> 0.0))
    Assert.Equal("[multiply] the elements must be numbers (cast truth values first). Received bool.", error)
