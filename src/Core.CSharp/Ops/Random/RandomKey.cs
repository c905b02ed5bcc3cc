using Implicit.Shapes;

namespace Implicit;

/// <summary>
/// Where random numbers come from: the same key gives the same numbers, on every device and for every number of threads, and
/// different keys give independent ones. Draw from a key once; for more, <see cref="Split"/> it.
/// </summary>
/// <remarks>
/// Numbers are a function of the key and their position (Philox4x32-10: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
/// SC 2011), so drawing has no hidden state and works inside traced functions and under <c>vmap</c> over keys.
/// </remarks>
public sealed record RandomKey
{
    // Keys that are split and keys that are drawn from must differ: 2⁵³/φ, odd, added to the key before it is split.
    private const long SplitOffset = 5566755282872655;

    /// <summary>Wraps the number of a key, or of several.</summary>
    /// <param name="value">
    /// int64: a scalar, or a batch of keys of any shape, as <see cref="Value"/> gives them. Numbers near each other, such as 0, 1, 2, are seeds, of
    /// which <see cref="Of"/> makes keys, or <see cref="Batch"/> as many as are wanted: taken for keys they would split into the same ones.
    /// </param>
    /// <exception cref="TensorException">The element type is not int64.</exception>
    public RandomKey(Tensor value)
    {
        Throw.IfMissing(value, "randomKey", "the value");
        Throw.Unless(value.DType == DType.Int64, "randomKey", "a key must be int64", $"{value.Type}");
        Value = value;
    }

    /// <summary>The number of the key: an int64 scalar, or a batch of keys.</summary>
    public Tensor Value { get; }

    /// <summary>The key of a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <returns>One key.</returns>
    public static RandomKey Of(long seed) => new(Tensor.Literal(Mixed(seed), DType.Int64));

    /// <summary>New keys, independent of each other and of the numbers that this key gives.</summary>
    /// <param name="count">How many.</param>
    /// <returns>Number i is <c>Fold(i)</c>.</returns>
    /// <exception cref="TensorException">The count is negative.</exception>
    public RandomKey[] Split(int count)
    {
        Throw.Unless(count >= 0, "split", "the number of keys must not be negative", $"{count}");
        var keys = new RandomKey[count];
        for (int i = 0; i < count; i++)
            keys[i] = Fold(i);
        return keys;
    }

    /// <summary>The keys of <see cref="Split"/> as one batch, to map over.</summary>
    /// <param name="count">How many.</param>
    /// <returns>Keys of shape [count].</returns>
    /// <exception cref="TensorException">The count is negative.</exception>
    public RandomKey Batch(int count)
    {
        Throw.Unless(count >= 0, "batch", "the number of keys must not be negative", $"{count}");
        return new RandomKey(Tensor.Unsqueeze(Value, -1)).Fold(Tensor.Arange(count));
    }

    /// <summary>The key that belongs to this one and a number, such as that of a step or a layer.</summary>
    /// <param name="number">int64, broadcasting with the key.</param>
    /// <returns>A new key.</returns>
    /// <exception cref="TensorException">The number is not int64.</exception>
    public RandomKey Fold(Tensor number)
    {
        Throw.Unless(number.DType == DType.Int64, "fold", "the number must be int64", $"{number.Type}");
        return new RandomKey(Tensor.RandomBits(Value + Tensor.Literal(SplitOffset, DType.Int64) + number));
    }

    /// <summary>The key that belongs to this one and a number, such as that of a step or a layer.</summary>
    /// <param name="number">Any number.</param>
    /// <returns>A new key.</returns>
    public RandomKey Fold(long number)
    {
        // Plain numbers are float64, which holds both halves of any int64, but not all of them whole.
        long low = number & uint.MaxValue;
        Tensor lower = Tensor.Literal(low, DType.Int64);
        return Fold(number == low ? lower : Tensor.Literal(number - low, DType.Int64) + lower);
    }

    /// <summary>Two new keys: <c>var (a, b) = key</c>.</summary>
    /// <param name="first">The first of <see cref="Split"/>.</param>
    /// <param name="second">The second.</param>
    public void Deconstruct(out RandomKey first, out RandomKey second) => (first, second) = (Fold(0), Fold(1));

    /// <summary>Three new keys.</summary>
    /// <param name="first">The first of <see cref="Split"/>.</param>
    /// <param name="second">The second.</param>
    /// <param name="third">The third.</param>
    public void Deconstruct(out RandomKey first, out RandomKey second, out RandomKey third) =>
        (first, second, third) = (Fold(0), Fold(1), Fold(2));

    /// <inheritdoc/>
    public override string ToString() => $"RandomKey{Value.Shape}";

    /// <summary>
    /// Seeds that a person chooses are near each other; this spreads them over 53 bits, which a literal holds exactly (the finaliser of
    /// SplitMix64: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
    /// </summary>
    private static long Mixed(long seed)
    {
        ulong z = unchecked((ulong)seed + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (long)((z ^ (z >> 31)) >> 11);
    }
}
