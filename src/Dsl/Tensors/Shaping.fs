namespace Implicit

open System
open System.Collections.Generic

/// Moving elements: other shapes, orders, parts and joints. Axes count from 0; negative ones count from the end.
[<AutoOpen>]
module Shaping =
    let private listed (tensors: seq<Tensor>) = List<Tensor> tensors

    /// The same elements, row-major, in another shape: `x |> reshape [ 3; 4 ]`. One extent may be -1, which is what the others leave.
    let reshape (shape: seq<int>) (x: Tensor) : Tensor = Functions.Reshape(x, ReadOnlySpan(Seq.toArray shape))

    /// All elements, row-major, as a vector.
    let flatten (x: Tensor) : Tensor = reshape [ x.Length ] x

    /// Repeats along axes of extent 1, and along new axes in front, without copying.
    let expand (shape: seq<int>) (x: Tensor) : Tensor = Tensor.Expand(x, Shape.Of shape)

    /// Reorders the axes: axis i of the result is axis `order[i]` of x.
    let permute (order: seq<int>) (x: Tensor) : Tensor = Tensor.Permute(x, spanOf order)

    /// Exchanges the last two axes.
    let transpose (x: Tensor) : Tensor = Tensor.Transpose x

    /// Exchanges two axes.
    let swapAxes (first: int) (second: int) (x: Tensor) : Tensor = Tensor.Transpose(x, first, second)

    /// Moves one axis to another place; the others keep their order.
    let moveAxis (source: int) (target: int) (x: Tensor) : Tensor = Tensor.MoveAxis(x, source, target)

    /// Removes an axis of extent 1.
    let squeeze (axis: int) (x: Tensor) : Tensor = Tensor.Squeeze(x, axis)

    /// Inserts an axis of extent 1.
    let unsqueeze (axis: int) (x: Tensor) : Tensor = Tensor.Unsqueeze(x, axis)

    /// Joins tensors along an axis that they have.
    let concat (axis: int) (parts: seq<Tensor>) : Tensor = Tensor.Concat(listed parts, axis)

    /// Joins tensors of one shape along a new axis.
    let stack (axis: int) (items: seq<Tensor>) : Tensor = Tensor.Stack(listed items, axis)

    /// Cuts an axis into its places; the axis is gone.
    let unstack (axis: int) (x: Tensor) : Tensor list = Tensor.Unstack(x, axis) |> List.ofArray

    /// Cuts an axis into so many parts of equal extent.
    let chunk (parts: int) (axis: int) (x: Tensor) : Tensor list = Tensor.Split(x, parts, axis) |> List.ofArray

    /// Cuts an axis into parts of given extents.
    let sections (sizes: seq<int>) (axis: int) (x: Tensor) : Tensor list =
        Tensor.Split(x, Array.ofSeq sizes, axis) |> List.ofArray

    /// One place of an axis, which is then gone.
    let index (axis: int) (place: int) (x: Tensor) : Tensor = Tensor.Index(x, axis, place)

    /// <summary>Every so many-th place of an axis. Plain ranges read better as slices: <c>x[1..3]</c>.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="start">The first place; None is the first in the direction of the step.</param>
    /// <param name="stop">The place before which to stop; None is past the last.</param>
    /// <param name="step">Not zero; negative walks backwards.</param>
    /// <param name="x">Any shape.</param>
    /// <returns>The places taken.</returns>
    /// <exception cref="T:Implicit.TensorException">A bound lies outside the axis, or the step is zero.</exception>
    let slice (axis: int) (start: int option) (stop: int option) (step: int) (x: Tensor) : Tensor =
        Tensor.Slice(x, axis, Option.toNullable start, Option.toNullable stop, step)

    /// Takes the places named by an int64 tensor, whose axes stand where the axis was: `rows |> gather 0 (tensor [ 2; 0 ])`.
    let gather (axis: int) (indices: Tensor) (x: Tensor) : Tensor = Tensor.Gather(x, indices, axis)

    /// Takes one place along an axis for each point of an int64 tensor of x's rank: for axis 0, result[i, j] = x[indices[i, j], j].
    let takeAlongAxis (axis: int) (indices: Tensor) (x: Tensor) : Tensor = Tensor.TakeAlongAxis(x, indices, axis)

    /// Adds values at the places of an axis that an int64 tensor names; places named twice receive both. The transpose of `gather`.
    let scatterAdd (axis: int) (indices: Tensor) (values: Tensor) (x: Tensor) : Tensor =
        Tensor.ScatterAdd(x, indices, values, axis)

    /// Adds one value along an axis for each point of an int64 tensor of x's rank. The transpose of `takeAlongAxis`.
    let scatterAddAlongAxis (axis: int) (indices: Tensor) (values: Tensor) (x: Tensor) : Tensor =
        Tensor.ScatterAddAlongAxis(x, indices, values, axis)

    /// <summary>Surrounds with a constant.</summary>
    /// <param name="margins">For each axis, how many places to add in front and behind.</param>
    /// <param name="value">What to fill them with.</param>
    /// <param name="x">As many axes as there are margins.</param>
    /// <returns>The larger tensor.</returns>
    /// <exception cref="T:Implicit.TensorException">The number of margins is not the rank, or one is negative.</exception>
    let pad (margins: seq<int * int>) (value: float) (x: Tensor) : Tensor =
        Tensor.Pad(x, spanOf (Seq.map fst margins), spanOf (Seq.map snd margins), value)

    /// Reverses the order along axes; along all of them if none is named.
    let flip (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Flip(x, spanOf axes)

    /// Moves the places of an axis round: place i goes to i + shift, and what leaves at one end comes in at the other.
    let roll (shift: int) (axis: int) (x: Tensor) : Tensor = Tensor.Roll(x, shift, axis)

    /// Repeats each place of an axis next to itself: twice [a, b] is [a, a, b, b].
    let repeat (times: int) (axis: int) (x: Tensor) : Tensor = Tensor.Repeat(x, times, axis)

    /// Repeats the whole along each axis: twice [a, b] is [a, b, a, b].
    let tile (times: seq<int>) (x: Tensor) : Tensor = Tensor.Tile(x, spanOf times)

    /// The coordinates of a grid: the i-th result varies along axis i with the i-th vector.
    let meshgrid (axes: seq<Tensor>) : Tensor list = Tensor.Meshgrid(spanOf axes) |> List.ofArray

    /// The main diagonal of matrices.
    let diagonal (x: Tensor) : Tensor = Tensor.Diagonal x

    /// Square matrices with a given main diagonal and zeros elsewhere.
    let diag (x: Tensor) : Tensor = Tensor.Diag x

    /// The lower triangle of matrices, zeros above.
    let tril (x: Tensor) : Tensor = Tensor.Tril x

    /// The upper triangle of matrices, zeros below.
    let triu (x: Tensor) : Tensor = Tensor.Triu x

    /// Running sums along an axis: place i holds the sum of the places 0 … i.
    let cumsum (axis: int) (x: Tensor) : Tensor = Tensor.Cumsum(x, axis)

    /// The elements along an axis in ascending order; NaN comes last.
    let sort (axis: int) (x: Tensor) : Tensor = Tensor.Sort(x, axis)

    /// The places from which the elements along an axis come in ascending order; equals keep theirs, NaN comes last.
    let argsort (axis: int) (x: Tensor) : Tensor = Tensor.Argsort(x, axis)

    /// The elements along an axis in descending order; NaN comes last.
    let sortDescending (axis: int) (x: Tensor) : Tensor = Tensor.Sort(x, axis, descending = true)

    /// The places from which the elements along an axis come in descending order; equals keep theirs, NaN comes last.
    let argsortDescending (axis: int) (x: Tensor) : Tensor = Tensor.Argsort(x, axis, descending = true)

    /// The k largest elements along the last axis, the largest first, and their places, int64: both of shape […; k].
    let topk (k: int) (x: Tensor) : Tensor * Tensor =
        let struct (values, places) = Tensor.TopK(x, k)
        values, places

    /// Unit vectors along a new last axis of so many places: 1 where an int64 tensor says, 0 elsewhere.
    let oneHot (count: int) (indices: Tensor) : Tensor = Tensor.OneHot(indices, count)
