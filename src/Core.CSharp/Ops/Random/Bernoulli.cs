using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    /// <summary>Random truth values, each true with a given probability.</summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="probability">In [0, 1]; broadcasts to the shape.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <returns>Bool: a mask for <c>Where</c>, or with <c>Cast</c> zeros and ones.</returns>
    /// <exception cref="TensorException">
    /// The probability is a number outside [0, 1], is not floating-point, or does not broadcast to the shape.
    /// </exception>
    public static Tensor Bernoulli(RandomKey key, Tensor probability, Shape shape)
    {
        Throw.Unless(
            probability.Op is not LiteralOp { Number: var number } || (number >= 0.0 && number <= 1.0),
            "bernoulli",
            "the probability must be in [0, 1]",
            $"{probability}"
        );
        Arithmetic.Float("bernoulli", probability.DType);
        Tensor limit = Scale("bernoulli", "probability", probability, shape, probability.DType);
        return Less(Uniform(key, shape, limit.DType), limit);
    }
}
