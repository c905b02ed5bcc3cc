module Implicit.Tests.SlicingTests

open Implicit
open Implicit.Tests.Values
open Xunit

let private m = tensor [ [ 0.0; 1.0; 2.0 ]; [ 10.0; 11.0; 12.0 ]; [ 20.0; 21.0; 22.0 ] ]

[<Fact>]
let ``rows, columns, places and ranges read as in F#'s arrays`` () =
    same (tensor [ 10.0; 11.0; 12.0 ]) m[1]
    same (tensor 12.0) m[1, 2]
    same (tensor [ 10.0; 11.0; 12.0 ]) m[1, *]
    same (tensor [ 2.0; 12.0; 22.0 ]) m[*, 2]
    same (tensor [ [ 10.0; 11.0; 12.0 ]; [ 20.0; 21.0; 22.0 ] ]) m[1..]
    same (tensor [ [ 0.0; 1.0; 2.0 ]; [ 10.0; 11.0; 12.0 ] ]) m[..1]
    same (tensor [ [ 11.0; 12.0 ] ]) m[1..1, 1..]
    same m m[*, *]

[<Fact>]
let ``negative places count from the end`` () =
    same m[2] m[-1]
    same m[*, 1] m[*, -2]
    same m[1..2] m[-2 ..]
    same m[0..1] m[.. -2]
    same m m[.. -1]

[<Fact>]
let ``every rank up to four slices in every way`` () =
    let t = arange 24 |> toFloat64 |> reshape [ 2; 3; 2; 2 ]
    same (reshape [ 2 ] (tensor [ 20.0; 21.0 ])) t[1, 2, 0, *]
    same (reshape [ 2; 2 ] (tensor [ 9.0; 11.0; 21.0; 23.0 ])) t[*, 2, *, 1]
    same t[1] t[1, *, *, *]
    same t[*, 0..1, *, *] t[*, ..1, *, *]
    same ((t[0])[2, 1]).[0] t[0, 2, 1, 0]
    same t[0..0, 1, *, 0] (t[0, 1, *, 0] |> unsqueeze 0)

[<Fact>]
let ``a slice is differentiable`` () =
    let gradient = m |> grad (fun m -> sum (m[1, *] * m[*, 0]))
    same (tensor [ [ 10.0; 0.0; 0.0 ]; [ 11.0; 10.0; 20.0 ]; [ 12.0; 0.0; 0.0 ] ]) gradient

[<Fact>]
let ``a place outside is named`` () = Assert.Contains("must be in [-3, 2]", errorOf (fun () -> m[3]))

[<Fact>]
let ``tensors are taken apart and joined`` () =
    same m (m |> unstack 0 |> stack 0)
    same m (m |> chunk 3 1 |> concat 1)
    same m (m |> sections [ 1; 2 ] 0 |> concat 0)
    same m[*, 1] (m |> index 1 1)
    same m[0..1] (m |> slice 0 None (Some 2) 1)
    same (flip [ 0 ] m) (m |> slice 0 None None -1)
    same m[1..2] (m |> gather 0 (tensor [ 1; 2 ]))
    same (tensor [ 1.0; 0.0; 2.0 ]) (zeros [ 3 ] |> scatterAdd 0 (tensor [ 0; 2 ]) (tensor [ 1.0; 2.0 ]))
    same (tensor [ 0.0; 1.0; 0.0; 0.0 ]) (tensor [ 1.0 ] |> pad [ 1, 2 ] 0.0)
    same (tensor [ 1.0; 3.0; 6.0 ]) (tensor [ 1.0; 2.0; 3.0 ] |> cumsum 0)
    same (transpose m) (m |> permute [ 1; 0 ])
    same (transpose m) (m |> swapAxes 0 1)
    same (flatten m) (m |> reshape [ 9 ])
    same (flatten m) (m |> reshape [ -1 ])
    same (m |> reshape [ 3; 1; 3 ]) (m |> reshape [ -1; 1; 3 ])
