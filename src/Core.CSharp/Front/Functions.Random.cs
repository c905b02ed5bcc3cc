namespace Implicit;

public static partial class Functions
{
    /// <inheritdoc cref="Tensor.Bernoulli(RandomKey, Tensor, Shape)"/>
    public static Tensor Bernoulli(RandomKey key, Tensor probability, Shape shape) =>
        Tensor.Bernoulli(Given(key), Given(probability), shape);

    /// <inheritdoc cref="Tensor.Categorical(RandomKey, Tensor)"/>
    public static Tensor Categorical(RandomKey key, Tensor logits) => Tensor.Categorical(Given(key), Given(logits));

    /// <inheritdoc cref="Tensor.Dropout(RandomKey, Tensor, double)"/>
    public static Tensor Dropout(RandomKey key, Tensor x, double rate) => Tensor.Dropout(Given(key), Given(x), rate);

    /// <inheritdoc cref="Tensor.Normal(RandomKey, Shape, DType)"/>
    public static Tensor Normal(RandomKey key, Shape shape, DType dtype = DType.Float64) =>
        Tensor.Normal(Given(key), shape, dtype);

    /// <inheritdoc cref="Tensor.Normal(RandomKey, Shape, Tensor, Tensor, DType)"/>
    public static Tensor Normal(
        RandomKey key,
        Shape shape,
        Tensor mean,
        Tensor deviation,
        DType dtype = DType.Float64
    ) => Tensor.Normal(Given(key), shape, Given(mean), Given(deviation), dtype);

    /// <inheritdoc cref="Tensor.Permutation(RandomKey, int)"/>
    public static Tensor Permutation(RandomKey key, int n) => Tensor.Permutation(Given(key), n);

    /// <inheritdoc cref="Tensor.Randint(RandomKey, long, long, Shape)"/>
    public static Tensor Randint(RandomKey key, long low, long high, Shape shape) =>
        Tensor.Randint(Given(key), low, high, shape);

    /// <inheritdoc cref="Tensor.Uniform(RandomKey, Shape, DType)"/>
    public static Tensor Uniform(RandomKey key, Shape shape, DType dtype = DType.Float64) =>
        Tensor.Uniform(Given(key), shape, dtype);

    /// <inheritdoc cref="Tensor.Uniform(RandomKey, Shape, Tensor, Tensor, DType)"/>
    public static Tensor Uniform(RandomKey key, Shape shape, Tensor low, Tensor high, DType dtype = DType.Float64) =>
        Tensor.Uniform(Given(key), shape, Given(low), Given(high), dtype);
}
