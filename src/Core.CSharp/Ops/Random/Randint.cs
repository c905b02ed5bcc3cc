using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit;

public sealed partial class Tensor
{
    private const long LargestExact = 1L << 53;

    /// <summary>Random whole numbers, uniform on low, …, high − 1.</summary>
    /// <param name="key">Where they come from; a batch of keys puts its axes in front.</param>
    /// <param name="low">The least number.</param>
    /// <param name="high">The number after the greatest.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <returns>int64. Probabilities are equal up to (high − low)·2⁻⁵³.</returns>
    /// <exception cref="TensorException">
    /// There is no number between the bounds, or a bound or their distance is beyond 2⁵³.
    /// </exception>
    public static Tensor Randint(RandomKey key, long low, long high, Shape shape)
    {
        Throw.Unless(low < high, "randint", "low must be less than high", $"{low} and {high}");
        Throw.Unless(
            low >= -LargestExact && high <= LargestExact && high - low <= LargestExact,
            "randint",
            "the bounds and their distance must be at most 2^53",
            $"{low} and {high}"
        );
        // ⌊u·n⌋ < n holds in float64, too: u ≤ 1 − 2⁻⁵³, and u·n rounds to at most the number before n.
        Tensor places = Floor(Uniform(key, shape) * (double)(high - low));
        return Cast(places, DType.Int64) + Literal(low, DType.Int64);
    }

    /// <summary>The numbers 0, …, n − 1 in random order, each order equally likely.</summary>
    /// <param name="key">Where the order comes from; a batch of keys puts its axes in front.</param>
    /// <param name="n">How many.</param>
    /// <returns>int64 [n]; to shuffle a tensor, <see cref="Gather"/> by it.</returns>
    /// <exception cref="TensorException">n is negative.</exception>
    public static Tensor Permutation(RandomKey key, int n)
    {
        Throw.Unless(n >= 0, "permutation", "the number of elements must not be negative", $"{n}");
        return Argsort(Draw(Distribution.Bits, key.Value, [n], DType.Int64));
    }
}
