using Implicit.Kernels;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Random numbers of the normal distribution with mean 0 and variance 1.</summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="dtype">A floating-point type.</param>
    public static Tensor Normal(RandomKey key, Shape shape, DType dtype = DType.Float64) =>
        Draw(Distribution.Normal, key.Value, shape, dtype);

    /// <summary>
    /// Random numbers of a normal distribution, by whose mean and standard deviation the result may be differentiated.
    /// </summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="mean">The mean, which broadcasts to the shape.</param>
    /// <param name="deviation">The standard deviation, which broadcasts to the shape.</param>
    /// <param name="dtype">A floating-point type.</param>
    /// <exception cref="TensorException">A parameter does not broadcast to the shape, or is of another element type.</exception>
    public static Tensor Normal(RandomKey key, Shape shape, Tensor mean, Tensor deviation, DType dtype = DType.Float64)
    {
        Tensor middle = Scale("normal", "mean", mean, shape, dtype);
        Tensor width = Scale("normal", "deviation", deviation, shape, dtype);
        return middle + (width * Normal(key, shape, dtype));
    }
}
