module Implicit.Tests.LayerTests

open Implicit
open Implicit.Tests.Values
open Xunit

let private close = near 1e-12

let private hasShape (extents: int list) (x: Tensor) = Assert.Equal<int seq>(extents, x.Shape)

let private image = key 1 |> normal [ 2; 3; 6; 6 ]

[<Fact>]
let ``a convolutional network has the shapes that its layers say`` () =
    let first, second = split (key 0)
    let padded = { Convolution.defaults with Padding = [ 1 ] }
    let wide = first |> Nn.conv2d padded Nn.he 3 8 3

    let narrow = second |> Nn.conv2d { padded with Stride = [ 2 ]; Groups = 4 } Nn.he 8 4 3

    narrow.Weight |> hasShape [ 4; 2; 3; 3 ]
    let y = image |> Nn.convolve wide |> Nn.maxPool2d 2 |> Nn.convolve narrow
    y |> hasShape [ 2; 4; 2; 2 ]
    (Nn.avgPool2d 2 image) |> hasShape [ 2; 3; 3; 3 ]

    let line = key 2 |> Nn.conv1d Convolution.defaults Nn.glorot 3 5 2
    (image |> reshape [ 2; 3; 36 ] |> Nn.convolve line) |> hasShape [ 2; 5; 35 ]

[<Fact>]
let ``a convolution with a bias adds it to each place`` () =
    let layer = key 0 |> Nn.conv2d Convolution.defaults Nn.he 3 2 3
    let moved = { layer with Bias = tensor [ 1.0; -2.0 ] }
    let difference = Nn.convolve moved image - Nn.convolve layer image
    close (1.0 * ones [ 2; 4; 4 ]) difference[*, 0]
    close (-2.0 * ones [ 2; 4; 4 ]) difference[*, 1]

[<Fact>]
let ``an item of a batch has the bits of its own convolution, in both directions`` () =
    let layer = key 0 |> Nn.conv2d { Convolution.defaults with Padding = [ 1 ] } Nn.he 3 2 3
    let weigh x = sumsq (Nn.convolve layer x)
    let second (batch: Tensor) = batch[1..1]
    same (image |> second |> Nn.convolve layer) (image |> Nn.convolve layer |> second)
    same (image |> second |> grad weigh) (image |> grad weigh |> second)

[<Fact>]
let ``a convolution and its transpose are adjoint`` () =
    let how = { Convolution.defaults with Stride = [ 2; 1 ]; Padding = [ 1; 0 ] }
    let weight = key 0 |> normal [ 4; 3; 2; 3 ]
    let y = key 2 |> normal [ 2; 4; 4; 4 ]
    let forward = sum (y * conv how weight image)
    let backward = sum (convTranspose how weight y * image)
    close forward backward

[<Fact>]
let ``windows that are added where they were are counted as often as they overlap`` () =
    let x = arange 6 |> toFloat64
    close (tensor [ 0.0; 2.0; 6.0; 9.0; 8.0; 5.0 ]) (x |> windows 0 3 1 |> overlapAdd 0 6 1)

[<Fact>]
let ``normalisations scale and shift`` () =
    let affine = { (Nn.affine [ 3 ]) with Shift = tensor [ 1.0; 2.0; 3.0 ] }
    let y = Nn.groupNorm 3 affine image
    close (tensor [ 1.0; 2.0; 3.0 ]) (y |> meanAlong [ 0; 2; 3 ])
    let items = Nn.layerNorm { (Nn.affine [ 6; 6 ]) with Scale = full [ 6; 6 ] 2.0 } image
    items |> varianceAlong [ 2; 3 ] |> near 1e-4 (full [ 2; 3 ] 4.0)

[<Fact>]
let ``spectral normalisation converges to the exact norm and its gradient`` () =
    let weight = key 0 |> normal [ 4; 3; 2 ]
    let matrix (w: Tensor) = w |> reshape [ 4; 6 ]
    let mutable u = key 1 |> normal [ 4 ]

    for _ in 1..100 do
        u <- snd (Nn.spectralNorm 1 u weight)

    let estimate w = fst (Nn.spectralNorm 1 u w)
    let exact w = w / spectralNorm (matrix w)
    near 1e-9 (exact weight) (estimate weight)
    let probe = key 2 |> normal [ 4; 3; 2 ]
    near 1e-9 (grad (fun w -> sum (probe * exact w)) weight) (grad (fun w -> sum (probe * estimate w)) weight)
    same (zeros [ 2; 2 ]) (fst (Nn.spectralNorm 1 (ones [ 2 ]) (zeros [ 2; 2 ])))

[<Fact>]
let ``what does not fit is said`` () =
    let fails (expected: string) (action: unit -> Tensor) = Assert.Contains(expected, errorOf action)

    fails "[conv] axis 1 of the input must have the 2 channels" (fun () ->
        image |> conv Convolution.defaults (ones [ 4; 2; 3; 3 ]))

    fails "[conv] a window, which reaches over 7 places, must fit axis 2" (fun () ->
        image |> conv Convolution.defaults (ones [ 4; 3; 7; 3 ]))

    fails "[conv] stride must be one number for all 2 spatial axes" (fun () ->
        image |> conv { Convolution.defaults with Stride = [ 1; 1; 1 ] } (ones [ 4; 3; 2; 2 ]))

    fails "[maxPool] padding must be at most half the size" (fun () -> image |> maxPoolWith [ 1 ] [ 2 ] [ 3; 3 ])
    fails "[groupNorm] the groups must divide the channels" (fun () -> image |> groupNorm 2)
    fails "[overlapAdd] an extent of 9 must hold as many windows" (fun () -> ones [ 2; 3 ] |> overlapAdd 0 9 1)

[<Fact>]
let ``groups divide channels and outputs`` () =
    for groups, channels, outputs in [ 3, 32, 63; 3, 33, 64; 0, 2, 2 ] do
        let error =
            Assert.Throws<TensorException>(fun () ->
                key 0 |> Nn.conv2d { Convolution.defaults with Groups = groups } Nn.he channels outputs 3 |> ignore)

        Assert.StartsWith("[Nn.conv2d] the groups must divide channels and outputs", error.Message)
