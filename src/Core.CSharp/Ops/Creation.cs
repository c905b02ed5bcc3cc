namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>A plain number of a given element type.</summary>
    /// <param name="number">The number.</param>
    /// <param name="dtype">Its element type.</param>
    public static Tensor Scalar(double number, DType dtype = DType.Float64) => Literal(number, dtype);

    /// <summary>The plain number 0: what a sum of no tensors is.</summary>
    public static Tensor Zero => Literal(0.0, DType.Float64);

    /// <summary>One number everywhere.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="number">The number.</param>
    /// <param name="dtype">The element type.</param>
    public static Tensor Full(Shape shape, double number, DType dtype = DType.Float64) =>
        Expand(Literal(number, dtype), shape);

    /// <summary>Zeros.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="dtype">The element type.</param>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float64) => Full(shape, 0.0, dtype);

    /// <summary>Ones.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="dtype">The element type.</param>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float64) => Full(shape, 1.0, dtype);

    /// <summary>Zeros of another tensor's shape and element type.</summary>
    /// <param name="like">The model.</param>
    public static Tensor ZerosLike(Tensor like) => Full(like.Shape, 0.0, like.DType);

    /// <summary>Ones of another tensor's shape and element type.</summary>
    /// <param name="like">The model.</param>
    public static Tensor OnesLike(Tensor like) => Full(like.Shape, 1.0, like.DType);
}
