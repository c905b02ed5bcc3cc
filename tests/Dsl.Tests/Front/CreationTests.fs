module Implicit.Tests.CreationTests

open System
open Implicit
open Implicit.Testing
open Implicit.Tests.Values
open Xunit

[<Fact>]
let ``nested lists, arrays and sequences of any depth become tensors`` () =
    let matrix = [ [ 1.0; 2.0; 3.0 ]; [ 4.0; 5.0; 6.0 ] ]
    let expected = Tensor.Of([| 1.0; 2.0; 3.0; 4.0; 5.0; 6.0 |]) |> reshape [ 2; 3 ]
    same expected (tensor matrix)
    same expected (tensor (matrix |> List.map Array.ofList |> Array.ofList))
    same expected (tensor (matrix |> Seq.map Seq.ofList))
    same expected (tensor (array2D matrix))
    same (expected |> reshape [ 1; 2; 1; 3 ]) (tensor [ [ [ [ 1.0; 2.0; 3.0 ] ]; [ [ 4.0; 5.0; 6.0 ] ] ] ])
    same (Tensor.Of [| 7.0 |] |> reshape []) (tensor 7.0)

[<Fact>]
let ``the elements decide the element type`` () =
    Assert.Equal(DType.Float64, (tensor [ 1.0 ]).DType)
    Assert.Equal(DType.Float32, (tensor [ 1.0f ]).DType)
    Assert.Equal(DType.Int64, (tensor [ 1; 2 ]).DType)
    Assert.Equal(DType.Bool, (tensor [ [ true ]; [ false ] ]).DType)
    Assert.Equal(DType.Float32, (tensor [ [ 1.0f ]; [ 2.0f ] ]).DType)

[<Fact>]
let ``where there are no elements their static type decides`` () =
    Assert.Equal(DType.Int64, (tensor ([]: int list)).DType)
    Assert.Equal(DType.Int64, (tensor ([||]: int[])).DType)
    Assert.Equal(DType.Bool, (tensor [ ([]: bool list) ]).DType)
    Assert.Equal(DType.Float32, (tensor (Seq.empty: float32 seq)).DType)
    Assert.Equal(DType.Float64, (tensor ([]: float list)).DType)
    Assert.Equal(DType.Int64, (tensor (Array2D.zeroCreate<int> 0 3)).DType)
    Assert.Equal([ 1; 0 ], (tensor [ ([]: bool list) ]).Shape)
    same (zeros [ 0 ]) (gather 0 (tensor ([]: int list)) (ones [ 3 ]))

[<Fact>]
let ``every int64 is kept`` () =
    let edges = [ Int64.MinValue; 9007199254740993L; Int64.MaxValue ]
    Assert.Equal<int64>(edges, (tensor edges).ToArray<int64>())
    Assert.Equal<int64>(edges, (tensor [ edges ]).ToArray<int64>())
    Assert.Equal([ 1; 3 ], (tensor [ edges ]).Shape)
    Assert.Equal(Int64.MaxValue, (tensor Int64.MaxValue).ToArray<int64>()[0])

[<Fact>]
let ``ragged rows, mixed elements and text are named`` () =
    let rows = errorOf (fun () -> tensor [ [ 1.0; 2.0 ]; [ 3.0 ] ])
    Assert.Equal("[tensor] all rows must have the same shape. Received [2] and [1].", rows)
    let mixed = errorOf (fun () -> tensor [ box [ 1.0 ]; box [ 2 ] ])
    Assert.Equal("[tensor] all elements must be of one type. Received Float64 and Int64.", mixed)
    Assert.StartsWith("[tensor] the elements must be numbers", errorOf (fun () -> tensor "1, 2"))
    Assert.Contains("(stack joins tensors). Received a tensor", errorOf (fun () -> tensor [ scalar 1.0; scalar 2.0 ]))

[<Fact>]
let ``shapes come from lists and from tensors`` () =
    let x = ones [ 2; 3 ]
    same (zeros x.Shape) (x - x)
    same (full [ 2; 3 ] 4.0) (x * 4.0)
    same (zerosLike x) (zeros [ 2; 3 ])
    same (onesLike x) x
    same (tensor [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]) (eye 2)
    same (tensor [ 0; 1; 2 ]) (arange 3)
    near 1e-15 (tensor [ 0.0; 0.25; 0.5; 0.75; 1.0 ]) (linspace 0.0 1.0 5)

[<Property>]
let ``a tensor gives back its elements`` (elements: float list) =
    let tensor = tensor elements

    tensor.Shape[0] = elements.Length
    && Seq.forall2 (fun (a: float) b -> a.Equals b) elements (tensor.ToArray())
