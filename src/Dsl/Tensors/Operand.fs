namespace Implicit

open System.ComponentModel

/// What may stand where a function takes a tensor or a plain number.
[<Sealed; AbstractClass; EditorBrowsable(EditorBrowsableState.Never)>]
type Operand =
    /// A tensor is itself.
    static member Of(x: Tensor) : Tensor = x

    /// A plain number adapts its element type to the tensor that it meets.
    static member Of(x: float) : Tensor = Tensor.Scalar x

    /// So does one of single precision.
    static member Of(x: float32) : Tensor = Tensor.Scalar(float x)

    /// A whole number is one too.
    static member Of(x: int) : Tensor = Tensor.Scalar(float x)

/// Functions that take tensors or plain numbers read their arguments through this.
[<AutoOpen>]
module Operands =
    /// A tensor or a plain number as a tensor.
    let inline operand (x: ^a) : Tensor = ((^a or Operand): (static member Of: ^a -> Tensor) x)

    let internal spanOf (items: seq<'T>) = System.ReadOnlySpan<'T>(Array.ofSeq items)

    /// The matrix product over the last two axes; axes before them are a batch and broadcast. A vector on the left is a row, on the right a
    /// column, and the axis it adds is removed again. It binds as `*` does.
    let ( *@ ) (a: Tensor) (b: Tensor) : Tensor = Tensor.MatMul(a, b)
