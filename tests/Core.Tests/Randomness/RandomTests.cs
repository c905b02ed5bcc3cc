using Implicit.Testing;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Randomness;

/// <summary>Random numbers are a function of their key; what they must look like is held on fixed seeds.</summary>
public sealed class RandomTests
{
    private const int Many = 40_000;
    private static readonly RandomKey Key = RandomKey.Of(7);

    /// <summary>The bound on √n·sup |F̂ − F| that one sample in 10 000 exceeds (Kolmogorov 1933).</summary>
    private const double KolmogorovBound = 2.225;

    [Property]
    public void The_same_key_gives_the_same_numbers(long seed)
    {
        double[] once = Tensor.Normal(RandomKey.Of(seed), [3, 4]).ToArray();
        Assert.Equal(once, Tensor.Normal(RandomKey.Of(seed), [3, 4]).ToArray());
        Assert.Equal(once[..5], Tensor.Normal(RandomKey.Of(seed), [5]).ToArray());
    }

    [Property]
    public void Other_keys_give_other_numbers(long seed)
    {
        RandomKey key = RandomKey.Of(seed);
        (RandomKey a, RandomKey b) = key;
        RandomKey[] keys = [key, RandomKey.Of(unchecked(seed + 1)), a, b, a.Fold(0), a.Fold(1), b.Fold(0)];
        Assert.Equal(keys.Length, keys.Select(one => Tensor.Uniform(one, []).ToDouble()).Distinct().Count());
    }

    /// <summary>Beyond 2⁵³ neighbours are one number in float64.</summary>
    [Fact]
    public void Any_two_numbers_that_are_folded_in_give_other_keys()
    {
        const long many = 1L << 53;
        long[] numbers = [0, 1, -1, many, many + 1, -many - 1, long.MaxValue, long.MaxValue - 1, long.MinValue];
        double[] drawn = [.. numbers.Select(number => Tensor.Uniform(Key.Fold(number), []).ToDouble())];
        Assert.Equal(drawn.Length, drawn.Distinct().Count());
        RandomKey[] keys = [.. numbers.Select(number => Key.Fold(Tensor.Of([number])[0]))];
        Assert.Equal(drawn, keys.Select(key => Tensor.Uniform(key, []).ToDouble()));
    }

    [Fact]
    public void Numbers_of_neighbouring_keys_are_not_correlated()
    {
        double[] first = Standard(Tensor.Uniform(RandomKey.Of(1), [Many]));
        foreach (RandomKey other in new[] { RandomKey.Of(2), RandomKey.Of(1).Fold(0), RandomKey.Of(1).Fold(1) })
        {
            double[] second = Standard(Tensor.Uniform(other, [Many]));
            double correlation = first.Zip(second, (x, y) => x * y).Average();
            Assert.InRange(correlation * Math.Sqrt(Many), -4.0, 4.0);
        }

        static double[] Standard(Tensor uniform) =>
            Array.ConvertAll(uniform.ToArray(), x => (x - 0.5) * Math.Sqrt(12.0));
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Uniform_numbers_fill_the_interval(DType dtype)
    {
        double[] sample = Tensor.Uniform(Key, [Many], dtype).ToArray();
        Assert.All(sample, x => Assert.True(x is >= 0.0 and < 1.0));
        HasMoments(sample, 0.5, 1.0 / 12.0, 1.0 / 80.0);
        Follows(sample, x => x);
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void Normal_numbers_follow_the_normal_distribution(DType dtype)
    {
        double[] sample = Tensor.Normal(Key, [Many], dtype).ToArray();
        HasMoments(sample, 0.0, 1.0, 3.0);
        Follows(sample, x => 0.5 * (1.0 + Tensor.Erf(x / Math.Sqrt(2.0))));
    }

    [Fact]
    public void Float32_numbers_are_those_of_float64_to_rounding()
    {
        Laws.Close.Elementwise(
            Tensor.Uniform(Key, [1000]).ToArray(),
            Tensor.Uniform(Key, [1000], DType.Float32).ToArray(),
            1e-7
        );
        Laws.Close.Elementwise(
            Tensor.Normal(Key, [1000]).ToArray(),
            Tensor.Normal(Key, [1000], DType.Float32).ToArray(),
            1e-7
        );
    }

    [Fact]
    public void Bernoulli_is_true_as_often_as_asked()
    {
        Tensor probabilities = Tensor.Of(0.0, 0.3, 1.0);
        Tensor mask = Tensor.Bernoulli(Key, probabilities, [Many, 3]);
        Assert.Equal(DType.Bool, mask.DType);
        double[] often = Tensor.Sum(Tensor.Cast(mask, DType.Float64), 0).ToArray();
        Assert.Equal(0.0, often[0]);
        Assert.InRange(often[1] / Many, 0.29, 0.31);
        Assert.Equal(Many, often[2]);
    }

    [Fact]
    public void Randint_reaches_each_number_alike()
    {
        long[] numbers = Tensor.Randint(Key, -2, 3, [Many]).ToArray<long>();
        int[] counts = [.. numbers.GroupBy(x => x).OrderBy(group => group.Key).Select(group => group.Count())];
        Assert.Equal(5, counts.Length);
        Assert.Equal(-2, numbers.Min());
        double chiSquared = counts.Sum(count => Math.Pow(count - (Many / 5.0), 2) / (Many / 5.0));
        Assert.InRange(chiSquared, 0.0, 23.5); // exceeded once in 10 000 with four degrees of freedom
        Assert.All(Tensor.Randint(Key, 5, 6, [10]).ToArray(), x => Assert.Equal(5.0, x));
    }

    [Fact]
    public void Categories_come_as_often_as_their_weights_say()
    {
        Tensor weights = Tensor.Of(1.0, 0.0, 3.0);
        Tensor places = Tensor.Categorical(Key, Tensor.Expand(Tensor.Log(weights), [Many, 3]));
        Assert.Equal([Many], places.Shape);
        long[] drawn = places.ToArray<long>();
        Assert.DoesNotContain(1, drawn);
        Assert.InRange(drawn.Count(place => place == 2) / (double)Many, 0.74, 0.76);
    }

    /// <summary>A place is a number whatever the logits are, so what gives no distribution must not pass for one.</summary>
    [Theory]
    [InlineData(0.0, double.NaN)]
    [InlineData(0.0, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, double.NegativeInfinity)]
    public void Logits_that_are_no_distribution_are_an_error(double first, double second)
    {
        Tensor logits = Tensor.Of([0.0, 1.0, first, second], [2, 2]);
        string message = Assert.Throws<TensorException>(() => Tensor.Categorical(Key, logits).ToArray<long>()).Message;
        Assert.StartsWith("[categorical] the largest logit must be finite", message);
        Assert.Contains("item 1 of 2", message);
    }

    [Property]
    public void A_permutation_has_each_number_once(long seed, byte n)
    {
        long[] order = Tensor.Permutation(RandomKey.Of(seed), n).ToArray<long>();
        Assert.Equal(Enumerable.Range(0, n).Select(i => (long)i), order.Order());
    }

    [Fact]
    public void Each_order_is_equally_likely()
    {
        Tensor orders = Tensor.Permutation(Key.Batch(6000), 3);
        Tensor code = Tensor.Sum(orders * Tensor.Of([9L, 3L, 1L]), -1);
        int[] counts = [.. code.ToArray<long>().GroupBy(x => x).Select(group => group.Count())];
        Assert.Equal(6, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 880, 1120));
    }

    [Fact]
    public void A_batch_of_keys_is_a_loop_over_them()
    {
        RandomKey[] keys = Key.Split(4);
        RandomKey batch = Key.Batch(4);
        foreach (Func<RandomKey, Tensor> draw in Draws)
        {
            double[] looped = [.. keys.SelectMany(key => draw(key).ToArray())];
            Assert.Equal(looped, draw(batch).ToArray());
            Assert.Equal(looped, Vectorisation.Vmap(draw, batch).ToArray());
        }
    }

    [Fact]
    public void The_scales_are_differentiable_and_the_key_is_not_in_the_way()
    {
        Tensor z = Tensor.Normal(Key, [5]);
        (_, Tensor[] gradient) = Differentiation.ValueAndGrad<Tensor[], Tensor>(
            x => Tensor.Sum(Tensor.Normal(Key, [5], x[0], x[1])),
            [Tensor.Of(1.0, 2, 3, 4, 5), Tensor.Scalar(2.0)]
        );
        Assert.Equal([1, 1, 1, 1, 1], gradient[0].ToArray());
        Laws.Close.Elementwise([Tensor.Sum(z).ToDouble()], gradient[1].ToArray(), 1e-14);
    }

    [Fact]
    public void Bounds_scale_the_numbers()
    {
        double[] sample = Tensor.Uniform(Key, [100], -3.0, Tensor.Scalar(5.0)).ToArray();
        Laws.Close.Elementwise([.. Tensor.Uniform(Key, [100]).ToArray().Select(u => (8.0 * u) - 3.0)], sample, 1e-15);
        Assert.Equal(DType.Float32, Tensor.Uniform(Key, [2], -1.0, 1.0, DType.Float32).DType);
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused()
    {
        Refused("[randomKey] a key must be int64", () => new RandomKey(Tensor.Ones([])));
        Refused("[uniform] the element type must be a floating-point one", () => Tensor.Uniform(Key, [2], DType.Int64));
        Refused("[randint] low must be less than high", () => Tensor.Randint(Key, 3, 3, [2]));
        Refused("[bernoulli] the probability must be in [0, 1]", () => Tensor.Bernoulli(Key, 1.5, [2]));
        Refused(
            "[bernoulli] the probability must broadcast to the shape",
            () => Tensor.Bernoulli(Key, Tensor.Of(0.5, 0.5, 0.5), [2])
        );
        Refused("[normal] the mean must broadcast to the shape", () => Tensor.Normal(Key, [], Tensor.Of(1.0, 2), 1.0));
    }

    private static readonly Func<RandomKey, Tensor>[] Draws =
    [
        key => Tensor.Uniform(key, [2, 3]),
        key => Tensor.Normal(key, [5]),
        key => Tensor.Normal(key, [], DType.Float32),
        key => Tensor.Randint(key, 0, 10, [4]),
        key => Tensor.Bernoulli(key, 0.5, [4]),
        key => Tensor.Permutation(key, 6),
        key => Tensor.Categorical(key, Tensor.Ones([2, 5])),
        key => Tensor.Uniform(key.Fold(3), [2]),
        key => Tensor.Uniform(key.Split(2)[1], [2]),
    ];

    private static void HasMoments(double[] sample, double mean, double variance, double fourth)
    {
        double average = sample.Average();
        double spread = sample.Average(x => (x - mean) * (x - mean));
        Assert.InRange((average - mean) * Math.Sqrt(sample.Length / variance), -4.0, 4.0);
        Assert.InRange((spread - variance) * Math.Sqrt(sample.Length / (fourth - (variance * variance))), -4.0, 4.0);
    }

    private static void Follows(double[] sample, Func<Tensor, Tensor> distribution)
    {
        double[] expected = distribution(Tensor.Of([.. sample.Order()])).ToArray();
        double most = expected.Index().Max(x => Math.Abs(x.Item - ((x.Index + 0.5) / expected.Length)));
        Assert.InRange(most * Math.Sqrt(sample.Length), 0.0, KolmogorovBound);
    }

    [Fact]
    public void Bounds_ascend() =>
        Refused(
            "[uniform] the lower bound must not be above the upper one. Received 1 and 0.",
            () => Tensor.Uniform(Key, [2], 1.0, 0.0)
        );

    private static void Refused(string start, Func<object?> run) =>
        Assert.StartsWith(start, Assert.Throws<TensorException>(run).Message);
}
