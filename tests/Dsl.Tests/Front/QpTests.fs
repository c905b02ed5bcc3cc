module Implicit.Tests.QpTests

open Implicit
open Implicit.Tests.Values
open Xunit

let private simplex (v: Tensor) =
    { Qp.linear -v with
        P = Some(eye v.Length)
        A = Some(ones [ 1; v.Length ])
        b = Some(tensor [ 1.0 ])
        lb = Some(zerosLike v)
    }

[<Fact>]
let ``Projection onto the simplex and its gradient`` () =
    let v = tensor [ 1.0; 0.4; -0.2 ]
    near 1e-9 (tensor [ 0.8; 0.2; 0.0 ]) (Argmin.qp interiorPoint (simplex v))
    near 1e-9 (tensor [ 0.5; -0.5; 0.0 ]) (grad (fun v -> (Argmin.qp interiorPoint (simplex v))[0]) v)

[<Fact>]
let ``The account has multipliers and a status for each item`` () =
    let solution = Argmin.solveQp interiorPoint (simplex (tensor [ 1.0; 0.4; -0.2 ]))
    Assert.True solution.IsSuccess
    near 1e-9 (tensor [ 0.2 ]) solution.Y
    near 1e-9 (tensor [ 0.0; 0.0; 0.4 ]) solution.ZLower
