namespace Implicit

/// <summary>
/// Functions of each element, with broadcasting. F#'s own <c>exp log log10 sin cos tan asin acos atan atan2 sinh cosh tanh sqrt abs floor
/// ceil round truncate</c> and <c>+ - * / **</c> work on tensors too; here is what F# has no name for.
/// </summary>
/// <remarks>
/// Where a plain number makes sense beside a tensor, one may stand: <c>maximum 0.0 x</c>, <c>where (x .> 0.0) x 0.0</c>. Values are within
/// 4 units in the last place of the exact ones of the elements as they are, in float64 and float32, denormal numbers and what overflows included.
/// </remarks>
[<AutoOpen>]
module Elementwise =
    /// The elements converted to another type.
    let cast (dtype: DType) (x: Tensor) : Tensor = Tensor.Cast(x, dtype)

    /// The elements as float32.
    let toFloat32 (x: Tensor) : Tensor = cast DType.Float32 x

    /// The elements as float64.
    let toFloat64 (x: Tensor) : Tensor = cast DType.Float64 x

    /// The elements as int64, truncated towards zero.
    let toInt64 (x: Tensor) : Tensor = cast DType.Int64 x

    /// eˣ − 1, exact near 0.
    let expm1 (x: Tensor) : Tensor = Tensor.Expm1 x

    /// log(1 + x), exact near 0.
    let log1p (x: Tensor) : Tensor = Tensor.Log1p x

    /// The error function.
    let erf (x: Tensor) : Tensor = Tensor.Erf x

    /// x².
    let square (x: Tensor) : Tensor = x * x

    /// The sign as −1, 0 or 1.
    let sign (x: Tensor) : Tensor = Tensor.Sign x

    /// 1 / (1 + e⁻ˣ).
    let sigmoid (x: Tensor) : Tensor = Tensor.Sigmoid x

    /// log(1 + eˣ).
    let softplus (x: Tensor) : Tensor = Tensor.Softplus x

    /// max(0, x).
    let relu (x: Tensor) : Tensor = Tensor.Relu x

    /// x Φ(x), with Φ the distribution function of the standard normal distribution.
    let gelu (x: Tensor) : Tensor = Tensor.Gelu x

    /// x sigmoid(x), also called swish.
    let silu (x: Tensor) : Tensor = Tensor.Silu x

    /// The larger of two, the first of which may be a plain number: `x |> maximum 0.0`.
    let inline maximum a (x: Tensor) : Tensor = Tensor.Maximum(operand a, x)

    /// The smaller of two, the first of which may be a plain number.
    let inline minimum a (x: Tensor) : Tensor = Tensor.Minimum(operand a, x)

    /// x limited to the range from `low` to `high`, which may be plain numbers.
    let inline clamp low high (x: Tensor) : Tensor = Tensor.Clamp(x, operand low, operand high)

    /// `a` where the condition holds, else `b`; plain numbers are fine. What is not chosen has derivative 0.
    let inline where (condition: Tensor) a b : Tensor = Tensor.Where(condition, operand a, operand b)

    /// Whether the element is not a number.
    let isNaN (x: Tensor) : Tensor = Tensor.IsNaN x

    /// Whether the element is a finite number: neither infinite nor NaN.
    let isFinite (x: Tensor) : Tensor = Tensor.IsFinite x

    /// Whether the element is infinite, of either sign.
    let isInfinite (x: Tensor) : Tensor = Tensor.IsInfinite x

    /// Whether a < b, as a mask.
    let inline (.<) (a: Tensor) b : Tensor = Tensor.Less(a, operand b)

    /// Whether a ≤ b, as a mask.
    let inline (.<=) (a: Tensor) b : Tensor = Tensor.LessOrEqual(a, operand b)

    /// Whether a > b, as a mask.
    let inline (.>) (a: Tensor) b : Tensor = Tensor.Greater(a, operand b)

    /// Whether a ≥ b, as a mask.
    let inline (.>=) (a: Tensor) b : Tensor = Tensor.GreaterOrEqual(a, operand b)

    /// Whether a = b, as a mask.
    let inline (.==) (a: Tensor) b : Tensor = Tensor.Equal(a, operand b)

    /// Whether a ≠ b, as a mask.
    let inline (.<>) (a: Tensor) b : Tensor = Tensor.NotEqual(a, operand b)

    /// Whether both masks hold.
    let logicalAnd (a: Tensor) (b: Tensor) : Tensor = Tensor.And(a, b)

    /// Whether one of the masks holds.
    let logicalOr (a: Tensor) (b: Tensor) : Tensor = Tensor.Or(a, b)

    /// Whether the mask does not hold.
    let logicalNot (x: Tensor) : Tensor = Tensor.Not x

    /// The same value, a constant to every derivative.
    let stopGradient (x: Tensor) : Tensor = Tensor.StopGradient x
