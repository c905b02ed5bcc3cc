using System.Numerics;
using Implicit.Linear;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Passes that sum on their way are plain loops, at lengths with and without a rest beside whole vectors.</summary>
public sealed class LaneSumsTests
{
    private const double S = 0.3;
    private const double T = -1.7;
    private const double U = 0.9;

    public static TheoryData<int> Lengths => [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Passes_are_plain_loops(int length)
    {
        Check<double, double>(length, 1e-14);
        Check<float, float>(length, 1e-6);
        Check<float, double>(length, 1e-6);
    }

    /// <summary>In double, sums of products of float32 lose nothing.</summary>
    [Fact]
    public void Lanes_of_double_are_as_wide_as_they_say()
    {
        float[] large = [.. Enumerable.Repeat(1e25f, 33)];
        double square = LaneSums<float, double>.Dot(large, large);
        Close.Elementwise([33e50], [square], 1e-6);
        Assert.True(LaneSums<float, double>.IsInRange(square));
        Assert.False(LaneSums<float, float>.IsInRange(LaneSums<float, float>.Dot(large, large)));
        Assert.False(LaneSums<float, float>.IsInRange(double.NaN));
        Assert.False(LaneSums<float, float>.IsInRange(0.0));
        Assert.True(LaneSums<double, double>.IsInRange(0.0));
    }

    /// <summary>Positive terms that hardly differ all round to one side: long chains in float32 would be off by 1e-5 and more.</summary>
    [Fact]
    public void Sums_of_long_vectors_round_no_worse_than_their_elements()
    {
        const int length = 1_000_003;
        float[] a = Smooth(0.3f);
        float[] b = Smooth(0.1f);
        float[] y = new float[length];
        (double aa, double ab, double bb) = (
            Dot(Doubles(a), Doubles(a)),
            Dot(Doubles(a), Doubles(b)),
            Dot(Doubles(b), Doubles(b))
        );
        Sums(ab, LaneSums<float, float>.Dot(a, b));

        (double ofFirst, double ofSum) = LaneSums<float, float>.Squares<FirstAndSum>(a, b);
        Sums(aa, ofFirst);
        Sums(aa + (2.0 * ab) + bb, ofSum);

        (double withC, double square) = LaneSums<float, float>.Subtract(y, a, b, a);
        Sums(Dot(Doubles(y), Doubles(a)), withC);
        Sums(Dot(Doubles(y), Doubles(y)), square);
        Sums(square, LaneSums<float, float>.Distance(a, b));

        double product = LaneSums<float, float>.Add(y, 1.0, b, b);
        Sums(Dot(Doubles(y), Doubles(b)), product);

        (double[] ofA, double[] ofB) = (new double[2], new double[2]);
        LaneSums<float, float>.DotTwoByTwo(a, b, a, b, ofA, ofB);
        Sums(aa, ofA[0]);
        Sums(ab, ofA[1]);
        Sums(ab, ofB[0]);
        Sums(bb, ofB[1]);

        static void Sums(double wanted, double found) => Assert.InRange(found / wanted, 1 - 4e-6, 1 + 4e-6);

        static float[] Smooth(float size) =>
            [.. Enumerable.Range(0, length).Select(i => size + (1e-3f * MathF.Cos(1e-5f * i)))];
    }

    private static void Check<TNumber, TSum>(int length, double tolerance)
        where TNumber : unmanaged, INumber<TNumber>
        where TSum : unmanaged
    {
        TNumber[][] v = [.. Enumerable.Range(0, 7).Select(k => Wave<TNumber>(length, k))];
        double[][] d = [.. v.Select(Doubles)];
        TNumber[] y = [.. v[0]];
        Sums(Dot(d[1], d[2]), LaneSums<TNumber, TSum>.Dot(v[1], v[2]));
        (double first, double sum) = LaneSums<TNumber, TSum>.Squares<FirstAndSum>(v[1], v[2]);
        double[] together = Each(i => d[1][i] + d[2][i]);
        Sums(Dot(d[1], d[1]), first);
        Sums(Dot(together, together), sum);
        (double difference, first) = LaneSums<TNumber, TSum>.Squares<DifferenceAndFirst>(v[1], v[2]);
        double[] apart = Each(i => d[1][i] - d[2][i]);
        Sums(Dot(apart, apart), difference);
        Sums(Dot(d[1], d[1]), first);
        Sums(Dot(apart, apart), LaneSums<TNumber, TSum>.Distance(v[1], v[2]));

        (double withC, double square) = LaneSums<TNumber, TSum>.Subtract(y, v[1], v[2], v[3]);
        Same(Each(i => d[1][i] - d[2][i]), y);
        Sums(Dot(Doubles(y), d[3]), withC);
        Sums(Dot(Doubles(y), Doubles(y)), square);

        v[0].CopyTo(y, 0);
        double product = LaneSums<TNumber, TSum>.Add(y, S, v[1], v[2]);
        Same(Each(i => d[0][i] + (S * d[1][i])), y);
        Sums(Dot(Doubles(y), d[2]), product);

        Vectors.Combine<TNumber>(y, v[0], S, v[1], T, v[2], U, v[3]);
        Same(Each(i => d[0][i] + (S * d[1][i]) + (T * d[2][i]) + (U * d[3][i])), y);
        TNumber[] scaled = [.. v[1]];
        Vectors.ScaleAndAdd<TNumber>(y, v[0], T, scaled);
        Same(Each(i => T * d[1][i]), scaled);
        Same(Each(i => d[0][i] + (T * d[1][i])), y);

        var others = new Rows<TNumber>(v[2..]);
        (double[] ofA, double[] ofB) = (new double[5], new double[5]);
        LaneSums<TNumber, TSum>.DotAll(v[0], v[1], others, ofA, ofB);
        for (int k = 0; k < ofA.Length; k++)
        {
            Sums(Dot(d[0], d[k + 2]), ofA[k]);
            Sums(Dot(d[1], d[k + 2]), ofB[k]);
        }

        void Sums(double wanted, double found) =>
            Assert.InRange(found - wanted, -tolerance * (1 + length), tolerance * (1 + length));

        void Same(double[] wanted, TNumber[] found) => Close.Elementwise(wanted, Doubles(found), 10 * tolerance);

        double[] Each(Func<int, double> element) => [.. Enumerable.Range(0, length).Select(element)];
    }

    private static TNumber[] Wave<TNumber>(int length, int k)
        where TNumber : INumber<TNumber> =>
        [.. Enumerable.Range(0, length).Select(i => TNumber.CreateTruncating(Math.Sin(((k + 1) * i) + k + 1.0)))];

    private static double[] Doubles<TNumber>(TNumber[] vector)
        where TNumber : INumber<TNumber> => [.. vector.Select(double.CreateTruncating)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private readonly struct Rows<TNumber>(TNumber[][] rows) : IVectors<TNumber>
        where TNumber : unmanaged
    {
        public ReadOnlySpan<TNumber> this[int index] => rows[index];
    }
}
