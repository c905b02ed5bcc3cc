namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Normal(RandomKey, Shape, DType)"/>
    public static Tensor Normal(RandomKey key, Shape shape, DType dtype = DType.Float64) =>
        Tensor.Normal(key, shape, dtype);

    /// <inheritdoc cref="Tensor.Normal(RandomKey, Shape, Tensor, Tensor, DType)"/>
    public static Tensor Normal(
        RandomKey key,
        Shape shape,
        Tensor mean,
        Tensor deviation,
        DType dtype = DType.Float64
    ) => Tensor.Normal(key, shape, mean, deviation, dtype);

    /// <inheritdoc cref="Tensor.Uniform(RandomKey, Shape, DType)"/>
    public static Tensor Uniform(RandomKey key, Shape shape, DType dtype = DType.Float64) =>
        Tensor.Uniform(key, shape, dtype);

    /// <inheritdoc cref="Tensor.Uniform(RandomKey, Shape, Tensor, Tensor, DType)"/>
    public static Tensor Uniform(RandomKey key, Shape shape, Tensor low, Tensor high, DType dtype = DType.Float64) =>
        Tensor.Uniform(key, shape, low, high, dtype);
}
