namespace Implicit

/// Reductions. `sum` and its like reduce everything to a scalar; `sumAlong [ 0 ]` reduces the axes named, which are then gone.
[<AutoOpen>]
module Reduction =
    /// The sum of all elements.
    let sum (x: Tensor) : Tensor = Tensor.Sum(x, spanOf [])

    /// The sum along axes.
    let sumAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Sum(x, spanOf axes)

    /// The mean of all elements.
    let mean (x: Tensor) : Tensor = Tensor.Mean(x, spanOf [])

    /// The mean along axes.
    let meanAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Mean(x, spanOf axes)

    /// The product of all elements.
    let prod (x: Tensor) : Tensor = Tensor.Prod(x, spanOf [])

    /// The product along axes.
    let prodAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Prod(x, spanOf axes)

    /// The largest element.
    let amax (x: Tensor) : Tensor = Tensor.Max(x, spanOf [])

    /// The largest element along axes.
    let amaxAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Max(x, spanOf axes)

    /// The smallest element.
    let amin (x: Tensor) : Tensor = Tensor.Min(x, spanOf [])

    /// The smallest element along axes.
    let aminAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Min(x, spanOf axes)

    /// The place of the largest element along an axis, as int64; the first of equals.
    let argmaxAlong (axis: int) (x: Tensor) : Tensor = Tensor.Argmax(x, spanOf [ axis ])

    /// The place of the smallest element along an axis, as int64; the first of equals. `argmin` is the minimiser of a program.
    let argminAlong (axis: int) (x: Tensor) : Tensor = Tensor.Argmin(x, spanOf [ axis ])

    /// Another word for `argmaxAlong`.
    let argmax (axis: int) (x: Tensor) : Tensor = argmaxAlong axis x

    /// Whether a mask holds everywhere.
    let all (x: Tensor) : Tensor = Tensor.All(x, spanOf [])

    /// Whether a mask holds everywhere along axes.
    let allAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.All(x, spanOf axes)

    /// Whether a mask holds somewhere.
    let any (x: Tensor) : Tensor = Tensor.Any(x, spanOf [])

    /// Whether a mask holds somewhere along axes.
    let anyAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Any(x, spanOf axes)

    /// The sum of squares of all elements.
    let sumsq (x: Tensor) : Tensor = Tensor.Sumsq(x, spanOf [])

    /// The sum of squares along axes.
    let sumsqAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Sumsq(x, spanOf axes)

    /// The Euclidean norm of all elements.
    let norm (x: Tensor) : Tensor = Tensor.Norm(x, spanOf [])

    /// The Euclidean norm along axes.
    let normAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Norm(x, spanOf axes)

    /// The sum of absolute values.
    let sumNorm (x: Tensor) : Tensor = Tensor.SumNorm(x, spanOf [])

    /// The largest absolute value.
    let maxNorm (x: Tensor) : Tensor = Tensor.MaxNorm(x, spanOf [])

    /// The variance of all elements: the mean squared distance from their mean.
    let variance (x: Tensor) : Tensor = Tensor.Variance(x, spanOf [])

    /// The variance along axes.
    let varianceAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.Variance(x, spanOf axes)

    /// The standard deviation of all elements.
    let standardDeviation (x: Tensor) : Tensor = Tensor.StandardDeviation(x, spanOf [])

    /// The standard deviation along axes.
    let standardDeviationAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.StandardDeviation(x, spanOf axes)

    /// log Σ eˣ over all elements, without overflow.
    let logsumexp (x: Tensor) : Tensor = Tensor.LogSumExp(x, spanOf [])

    /// log Σ eˣ along axes, without overflow.
    let logsumexpAlong (axes: seq<int>) (x: Tensor) : Tensor = Tensor.LogSumExp(x, spanOf axes)

    /// eˣ / Σ eˣ along an axis.
    let softmax (axis: int) (x: Tensor) : Tensor = Tensor.Softmax(x, axis)

    /// log(eˣ / Σ eˣ) along an axis.
    let logSoftmax (axis: int) (x: Tensor) : Tensor = Tensor.LogSoftmax(x, axis)

    /// The mean over all items of −log of the probability of an item's class, by the softmax of its logits.
    /// The classes are int64 of shape [batch…], from 0 on; the logits have the shape [batch…; classes].
    let crossEntropy (classes: Tensor) (logits: Tensor) : Tensor = Tensor.CrossEntropy(logits, classes)

    /// Any of these along axes, which stay with extent 1 and so broadcast again: `x - (x |> keepDims meanAlong [ 0 ])`.
    let keepDims (reduceAlong: seq<int> -> Tensor -> Tensor) (axes: seq<int>) (x: Tensor) : Tensor =
        let axes = if Seq.isEmpty axes then seq { 0 .. x.Rank - 1 } else axes
        let reduced = axes |> Seq.map (fun axis -> if axis < 0 then axis + x.Rank else axis) |> Set.ofSeq
        let shape = x.Shape |> Seq.mapi (fun axis extent -> if reduced.Contains axis then 1 else extent)
        reduceAlong axes x |> reshape shape
