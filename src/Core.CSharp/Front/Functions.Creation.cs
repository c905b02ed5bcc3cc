namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Arange(double, double, double, DType)"/>
    public static Tensor Arange(double start, double stop, double step = 1.0, DType dtype = DType.Float64) =>
        Tensor.Arange(start, stop, step, dtype);

    /// <inheritdoc cref="Tensor.Full(Shape, double, DType)"/>
    public static Tensor Full(Shape shape, double number, DType dtype = DType.Float64) =>
        Tensor.Full(shape, number, dtype);

    /// <inheritdoc cref="Tensor.Linspace(double, double, int, DType)"/>
    public static Tensor Linspace(double start, double stop, int count, DType dtype = DType.Float64) =>
        Tensor.Linspace(start, stop, count, dtype);

    /// <inheritdoc cref="Tensor.Ones(Shape, DType)"/>
    public static Tensor Ones(Shape shape, DType dtype = DType.Float64) => Tensor.Ones(shape, dtype);

    /// <inheritdoc cref="Tensor.OnesLike(Tensor)"/>
    public static Tensor OnesLike(Tensor like) => Tensor.OnesLike(Given(like));

    /// <inheritdoc cref="Tensor.Scalar(double, DType)"/>
    public static Tensor Scalar(double number, DType dtype = DType.Float64) => Tensor.Scalar(number, dtype);

    /// <inheritdoc cref="Tensor.Zeros(Shape, DType)"/>
    public static Tensor Zeros(Shape shape, DType dtype = DType.Float64) => Tensor.Zeros(shape, dtype);

    /// <inheritdoc cref="Tensor.ZerosLike(Tensor)"/>
    public static Tensor ZerosLike(Tensor like) => Tensor.ZerosLike(Given(like));
}
