namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Bernoulli(RandomKey, Tensor, Shape)"/>
    public static Tensor Bernoulli(RandomKey key, Tensor probability, Shape shape) =>
        Tensor.Bernoulli(key, probability, shape);

    /// <inheritdoc cref="Tensor.Categorical(RandomKey, Tensor)"/>
    public static Tensor Categorical(RandomKey key, Tensor logits) => Tensor.Categorical(key, logits);

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

    /// <inheritdoc cref="Tensor.Permutation(RandomKey, int)"/>
    public static Tensor Permutation(RandomKey key, int n) => Tensor.Permutation(key, n);

    /// <inheritdoc cref="Tensor.Randint(RandomKey, long, long, Shape)"/>
    public static Tensor Randint(RandomKey key, long low, long high, Shape shape) =>
        Tensor.Randint(key, low, high, shape);

    /// <inheritdoc cref="Tensor.Uniform(RandomKey, Shape, DType)"/>
    public static Tensor Uniform(RandomKey key, Shape shape, DType dtype = DType.Float64) =>
        Tensor.Uniform(key, shape, dtype);

    /// <inheritdoc cref="Tensor.Uniform(RandomKey, Shape, Tensor, Tensor, DType)"/>
    public static Tensor Uniform(RandomKey key, Shape shape, Tensor low, Tensor high, DType dtype = DType.Float64) =>
        Tensor.Uniform(key, shape, low, high, dtype);
}
