module Implicit.Tests.TransformTests

open Implicit
open Implicit.Tests.Values
open Xunit

type Params = { W: Tensor; B: Tensor }

let private p = { W = tensor [ [ 0.3; -0.2 ]; [ 0.1; 0.4 ] ]; B = tensor [ 0.05; -0.1 ] }
let private x = tensor [ 1.0; 2.0 ]

[<Fact>]
let ``the gradient of a record is a record, and captures are differentiated around`` () =
    let loss p = sumsq (tanh (x *@ p.W + p.B))
    let value, gradient = valueAndGrad loss p
    same (loss p) value
    let z = tanh (x *@ p.W + p.B)
    let slope = 2.0 * z * (1.0 - z * z)
    near 1e-14 slope gradient.B
    near 1e-14 (outer x slope) gradient.W
    // the inner gradient captures p.B, by which the outer one differentiates
    let mixed = p.B |> grad (fun b -> sum (grad (fun w -> sumsq (x *@ w + b)) p.W))
    near 1e-14 (2.0 * sum x * ones [ 2 ]) mixed

[<Fact>]
let ``both modes agree, and matrices are made of either`` () =
    let f x = tanh (x *@ p.W + p.B)
    let value, pull = vjp f x
    let w, v = tensor [ 0.3; 0.7 ], tensor [ -1.0; 0.5 ]
    let value', tangent = jvp f v x
    same value value'
    near 1e-14 (dot w tangent) (dot (pull w) v)
    let j = jacobian f x
    near 1e-14 j (jacobianForward f x)
    near 1e-14 tangent (j *@ v)

[<Fact>]
let ``hessians and their products`` () =
    let f x = sum (x ** 3.0)
    near 1e-14 (diag (6.0 * x)) (hessian f x)
    near 1e-14 (6.0 * x * tensor [ 1.0; -1.0 ]) (hvp f (tensor [ 1.0; -1.0 ]) x)
    near 1e-14 (tensor [ 6.0; 6.0 ]) (x |> grad (grad (grad f >> sum) >> sum))

[<Fact>]
let ``vmap is a loop over items, under and over grad`` () =
    let xs = tensor [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ]; [ -1.0; 0.0 ] ]
    let f (x: Tensor) = x[0] * sum (x * x)
    near 1e-14 (stack 0 [ for i in 0..2 -> f xs[i] ]) (xs |> vmap f)
    near 1e-14 (stack 0 [ for i in 0..2 -> grad f xs[i] ]) (xs |> vmap (grad f))
    near 1e-14 (stack 0 [ for i in 0..2 -> f xs[i] ]) (vmap (fun (x, y) -> f ((x + y) / 2.0)) (xs, xs))

[<Fact>]
let ``a derivative by rule, a checkpoint and a stopped gradient`` () =
    let straightThrough = customDerivative (fun _ _ w -> w) round
    same (tensor [ 1.0; 3.0 ]) (straightThrough (tensor [ 1.2; 2.6 ]))
    same (ones [ 2 ]) (tensor [ 1.2; 2.6 ] |> grad (straightThrough >> sum))
    let f x = sum (sin (exp x))
    near 1e-14 (grad f x) (grad (checkpoint f) x)
    same x (x |> grad (fun x -> sum (stopGradient x * x)))

[<Fact>]
let ``control flow is seen through`` () =
    let safeLog (x: Tensor) = x |> cond (x .> 0.0) log (fun _ -> scalar 0.0)
    near 1e-15 (tensor 0.5) (grad safeLog (tensor 2.0))
    near 1e-15 (tensor 0.0) (grad safeLog (tensor -2.0))
    let total, sums = scalar 0.0 |> scan (fun carry x -> carry + x, carry * x) (tensor [ 1.0; 2.0; 3.0 ])
    same (tensor 6.0) total
    same (tensor [ 0.0; 2.0; 9.0 ]) sums
    let power n (x: Tensor) = fst (scalar 1.0 |> scan (fun y _ -> y * x, y) (zeros [ n ]))
    near 1e-14 (tensor 12.0) (grad (power 3) (tensor 2.0))
    let root (a: Tensor) = a |> whileLoop (fun x -> abs (x * x - a) .> 1e-12) (fun x -> (x + a / x) / 2.0)
    near 1e-12 (tensor (sqrt 2.0)) (root (tensor 2.0))

[<Fact>]
let ``a value read while tracing and a gradient of many numbers are named`` () =
    let read (x: Tensor) = if float x > 0.0 then x else -x
    Assert.StartsWith("[grad] a value must not be read while grad traces", errorOf (fun () -> grad read (tensor 1.0)))
    Assert.StartsWith("[grad] the function must return a floating-point scalar", errorOf (fun () -> grad exp x))

[<Fact>]
let ``sums of lists of tensors`` () =
    same (tensor [ 3.0; 6.0 ]) (List.sum [ x; x; x ])
    same (tensor 6.0) (List.sumBy sum [ x; x ])

[<Fact>]
let ``the same key gives the same numbers, and split keys give others`` () =
    let k1, k2 = split (key 3)
    same (key 3 |> normal [ 4 ]) (key 3 |> normal [ 4 ])
    let draws = [ key 3; k1; k2; key 3 |> foldIn 7; key 4 ] |> List.map (normal [ 4 ])
    Assert.Equal(5, draws |> List.distinctBy (fun draw -> List.ofArray (draw.ToArray())) |> List.length)
    let uniform = (key 0 |> uniform -1.0 3.0 [ 1000 ]).ToArray()
    Assert.True(Array.min uniform >= -1.0 && Array.max uniform < 3.0)
    Assert.InRange(Array.average uniform, 0.8, 1.2)

[<Fact>]
let ``a compiled function is the function, and sees what it captured change`` () =
    let scale = ref (tensor 2.0)
    let f (x: Tensor, shift: Tensor) = sum (scale.Value * x) + shift
    let compiled = compile f
    same (f (x, tensor 1.0)) (compiled (x, tensor 1.0))
    scale.Value <- tensor 5.0
    same (f (x, tensor 1.0)) (compiled (x, tensor 1.0))
    near 1e-14 (grad (fun x -> f (x, sum x)) x) (grad (fun x -> compiled (x, sum x)) x)
