using Implicit.Graph;
using Implicit.Schedule;
using Implicit.Testing;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Emission;

/// <summary>
/// How far fused plans, multiply-adds included, are from computing one operation after the other. That nothing but multiply-adds and the order of
/// sums changes their bits is the other half, in <see cref="RandomGraphTests"/>.
/// </summary>
public sealed class ContractionTests
{
    private const int MostSteps = 8;
    private const int Length = 64;

    /// <summary>The bound is derived at <see cref="Rounded"/>.</summary>
    [Property(MaxTest = 4000)]
    public void Fused_and_unfused_differ_by_their_roundings(int seed, int[] steps) =>
        new Comparison(seed, steps).Check();

    /// <summary>Without multiply-adds, or with such as change no bit, the property above would say nothing.</summary>
    [Fact]
    public void Multiply_adds_change_bits_in_a_good_part_of_the_graphs()
    {
        const int graphs = 500;
        var random = new System.Random(1);
        (int withMultiplyAdds, int different) = (0, 0);
        for (int i = 0; i < graphs; i++)
        {
            var comparison = new Comparison(
                random.Next(),
                [.. Enumerable.Range(0, MostSteps).Select(_ => random.Next())]
            );
            Assert.Equal(0, MultiplyAdds.Count(comparison.Plain));
            withMultiplyAdds += MultiplyAdds.Count(comparison.Fused) > 0 ? 1 : 0;
            different += comparison.HasSameBits ? 0 : 1;
        }
        Assert.True(
            withMultiplyAdds > graphs / 2 && different > graphs / 3,
            $"Of {graphs} graphs {withMultiplyAdds} have multiply-adds, and {different} differ."
        );
    }

    /// <summary>
    /// With p = fl(a·b) and q = fl(c·d), one way gives fl(p − q), the other fl(a·b − q) or fl(p − c·d). These differ by the one product's rounding,
    /// at most u·(|a·b| + |c·d|), and by two roundings of a difference that is at most (1 + u)·(|a·b| + |c·d|): 3u of that sum together, however
    /// little the difference leaves of it. The hundredth is for u² and for what the comparison rounds.
    /// </summary>
    [Property(MaxTest = 500)]
    public void A_difference_of_products_differs_by_three_roundings_of_them(int seed)
    {
        var random = new System.Random(seed);
        DType dtype = seed % 2 == 0 ? DType.Float32 : DType.Float64;
        double[][] x = [.. Enumerable.Range(0, 4).Select(_ => new double[Length])];
        for (int i = 0; i < Length; i++)
        {
            (x[0][i], x[1][i]) = (Between(random, 0.5, 2.0), Between(random, 0.5, 2.0));
            // Down to the last bits and beyond, where the unfused difference is zero.
            double apart = Math.ScaleB(random.NextDouble(), -random.Next(60));
            (x[2][i], x[3][i]) = (x[0][i] * (1.0 + apart), x[1][i]);
        }
        var type = new TensorType(dtype, [Length]);
        TensorType[] types = [type, type, type, type];
        // A difference is no sum, so none of its products is joined with it: the sign is a factor's.
        Structure structure = Function.TraceClosed("test", types, v => [(v[0] * v[1]) + (-v[2] * v[3])]).Structure;
        Buffer[] inputs = Array.ConvertAll(x, values => TestElements.Buffer(RandomGraphTests.Backend, dtype, values));
        double[][] read = Array.ConvertAll(inputs, TestElements.Of);
        double[] plain = RandomGraphTests.Run(Plan.For(structure, RandomGraphTests.Unfused), inputs)[0];
        double[] fused = RandomGraphTests.Run(Plan.For(structure, RandomGraphTests.Fused), inputs)[0];
        Assert.NotEqual(plain, fused);
        for (int i = 0; i < Length; i++)
        {
            double products = Math.Abs(read[0][i] * read[1][i]) + Math.Abs(read[2][i] * read[3][i]);
            Assert.InRange(Math.Abs(fused[i] - plain[i]), 0.0, 3.01 * Rounded.Unit(dtype) * products);
        }
    }

    private static double Between(System.Random random, double low, double high) =>
        low + ((high - low) * random.NextDouble());

    /// <summary>One random graph, computed by the fused plan and one operation at a time.</summary>
    private sealed class Comparison
    {
        private readonly DType dtype;
        private readonly int[] roundings;
        private readonly double[][] plain;
        private readonly double[][] fused;
        private readonly double[][] magnitudes;

        public Comparison(int seed, int[] steps)
        {
            var random = new System.Random(seed);
            Shape full = RandomGraphTests.Shapes[random.Next(RandomGraphTests.Shapes.Length)];
            Shape last = full.Rank == 0 ? [] : [full[full.Rank - 1]];
            dtype = random.Next(2) == 0 ? DType.Float32 : DType.Float64;
            TensorType[] types =
            [
                .. new Shape[] { full, full, last, last, [], [] }.Select(shape => new TensorType(dtype, shape)),
            ];
            Buffer[] inputs = [.. types.Select((type, i) => RandomBuffer(random, type, IsPositive(i)))];
            Rounded[] results = [];
            Structure values = Traced(one => one.Value);
            Plain = Plan.For(values, RandomGraphTests.Unfused);
            Fused = Plan.For(values, RandomGraphTests.Fused);
            plain = RandomGraphTests.Run(Plain, inputs);
            fused = RandomGraphTests.Run(Fused, inputs);
            magnitudes = RandomGraphTests.Run(Plan.For(Traced(one => one.Magnitude), RandomGraphTests.Unfused), inputs);
            roundings = Array.ConvertAll(results, one => one.Roundings);

            Structure Traced(Func<Rounded, Tensor> part) =>
                Function
                    .TraceClosed(
                        "test",
                        types,
                        x =>
                        {
                            Rounded[] known = [.. x.Select((one, i) => Rounded.Exact(one, IsPositive(i)))];
                            results = new RoundedGraph(full, known).Results(steps.Take(MostSteps));
                            return Array.ConvertAll(results, one => part(one));
                        }
                    )
                    .Structure;
        }

        public Plan Plain { get; }

        public Plan Fused { get; }

        public bool HasSameBits =>
            plain.Zip(fused).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second, SameBits.Instance));

        public void Check()
        {
            for (int result = 0; result < plain.Length; result++)
            {
                double bound = Rounded.LargestDifference(roundings[result], dtype);
                for (int i = 0; i < plain[result].Length; i++)
                    if (!(Math.Abs(fused[result][i] - plain[result][i]) <= bound * magnitudes[result][i]))
                        Assert.Fail(
                            $"Element {i} of result {result}, of {roundings[result]} roundings and magnitude {magnitudes[result][i]}, is "
                                + $"{plain[result][i]:R}, fused {fused[result][i]:R}, of\n{Plain.Program}\nfused\n{Fused.Program}"
                        );
            }
        }

        private static bool IsPositive(int input) => input % 2 == 0;

        private static Buffer RandomBuffer(System.Random random, TensorType type, bool isPositive) =>
            TestElements.Buffer(
                RandomGraphTests.Backend,
                type.DType,
                [
                    .. Enumerable
                        .Range(0, type.Shape.Length)
                        .Select(_ => Between(random, 0.5, 2.0) * (isPositive || random.Next(2) == 0 ? 1 : -1)),
                ]
            );
    }
}
