using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>A plain number of a given element type.</summary>
    /// <param name="number">The number.</param>
    /// <param name="dtype">Its element type.</param>
    /// <exception cref="TensorException">The number is no int64, where it is to be one.</exception>
    public static Tensor Scalar(double number, DType dtype = DType.Float64) => Number("scalar", number, dtype);

    /// <summary>The plain number 0: what a sum of no tensors is.</summary>
    public static Tensor Zero => Literal(0.0, DType.Float64);

    /// <summary>One number everywhere.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="number">The number.</param>
    /// <param name="dtype">The element type.</param>
    /// <exception cref="TensorException">The number is no int64, where it is to be one.</exception>
    public static Tensor Full(Shape shape, double number, DType dtype = DType.Float64) =>
        Expand(Number("full", number, dtype), shape);

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

    private static Tensor Number(string op, double number, DType dtype)
    {
        RequireHeld(op, number, dtype);
        return Literal(number, dtype);
    }

    private static void RequireHeld(string op, double number, DType dtype) =>
        Throw.Unless(dtype.Holds(number), op, "an int64 must be a whole number, and not too large", $"{number}");
}
