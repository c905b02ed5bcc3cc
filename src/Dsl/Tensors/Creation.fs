namespace Implicit

/// Making tensors. Elements are float64 unless the data say otherwise; `toFloat32` gives float32.
[<AutoOpen>]
module Creation =
    /// <summary>A tensor of given elements.</summary>
    /// <param name="data">
    /// A number or nested lists, arrays or sequences of numbers, to any depth: <c>tensor [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]</c> is 2 × 2. Floats give
    /// float64, float32s float32, integers int64 and truth values bool.
    /// </param>
    /// <returns>The tensor; its rank is the depth of nesting.</returns>
    /// <exception cref="T:Implicit.TensorException">Rows differ in shape, or elements in type, or there is something that is no number.</exception>
    let tensor (data: 'Data) : Tensor = Nested.read (box data)

    /// A plain number as a tensor without axes. It adapts its element type to the tensor that it meets.
    let scalar (number: float) : Tensor = Tensor.Scalar number

    /// Zeros of a shape: `zeros [ 3; 4 ]`, `zeros x.Shape`.
    let zeros (shape: seq<int>) : Tensor = Tensor.Zeros(Shape.Of shape)

    /// Ones of a shape.
    let ones (shape: seq<int>) : Tensor = Tensor.Ones(Shape.Of shape)

    /// One number everywhere in a shape.
    let full (shape: seq<int>) (number: float) : Tensor = Tensor.Full(Shape.Of shape, number)

    /// Zeros of the shape and element type of another tensor.
    let zerosLike (x: Tensor) : Tensor = Tensor.ZerosLike x

    /// Ones of the shape and element type of another tensor.
    let onesLike (x: Tensor) : Tensor = Tensor.OnesLike x

    /// The identity matrix of so many rows.
    let eye (rows: int) : Tensor = Tensor.Eye rows

    /// 0, 1, …, count − 1 as int64: indices.
    let arange (count: int) : Tensor = Tensor.Arange count

    /// Evenly spaced numbers, both ends included.
    let linspace (start: float) (stop: float) (count: int) : Tensor = Tensor.Linspace(start, stop, count)

    /// At each point of a shape its coordinate along one axis, as int64.
    let iota (shape: seq<int>) (axis: int) : Tensor = Tensor.Iota(Shape.Of shape, axis)
