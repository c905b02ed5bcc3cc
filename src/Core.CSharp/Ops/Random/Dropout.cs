using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>
    /// Sets elements to zero, each with the probability <paramref name="rate"/>, and divides the others by 1 − rate, so that the mean stays. For training
    /// only: N. Srivastava et al., J. Mach. Learn. Res. 15 (2014), scaled as the numbers are dropped.
    /// </summary>
    /// <param name="key">Where the choice comes from; not a batch of keys.</param>
    /// <param name="x">Any shape, floating-point.</param>
    /// <param name="rate">In [0, 1).</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="TensorException">The rate is out of its range, or x is not floating-point.</exception>
    public static Tensor Dropout(RandomKey key, Tensor x, double rate)
    {
        Arithmetic.Float("dropout", x.DType);
        Throw.Unless(rate is >= 0.0 and < 1.0, "dropout", "the rate must lie in [0, 1)", $"{rate}");
        return Where(Uniform(key, x.Shape, x.DType) < 1.0 - rate, x / (1.0 - rate), 0.0);
    }
}
