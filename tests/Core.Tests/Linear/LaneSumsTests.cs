using System.Numerics;
using System.Runtime.InteropServices;
using Implicit.Linear;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Passes that sum on their way are plain loops, at lengths with and without a rest beside whole vectors.</summary>
public sealed class LaneSumsTests
{
    private const double S = 0.3;
    private const double T = -1.7;

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
    public unsafe void Sums_of_long_vectors_round_no_worse_than_their_elements()
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

        double[] apart = [.. a.Zip(b, (x, y) => (double)(x - y))];
        Sums(Dot(apart, apart), LaneSums<float, float>.Distance(a, b));

        (double[] ofDifference, double[] ofA) = (new double[5], new double[5]);
        fixed (
            float* pA = a,
                pB = b,
                pY = y
        )
        fixed (
            double* pD = ofDifference,
                pO = ofA
        )
        {
            (double withA, double withB) = LaneSums<float, float>.AddTwo((0, length), pY, 1.0, pA, 1.0, pA, pB);
            Sums(Dot(Doubles(y), Doubles(a)), withA);
            Sums(Dot(Doubles(y), Doubles(b)), withB);
            float** x = stackalloc float*[] { pA, pB, pA, pB, pA, pB };
            Assert.True(Differences<float>.Products<float, OneRow>((0, length), x, x, pO, pD, null));
        }
        double sign = 1.0;
        for (int k = 0; k < ofA.Length; k++, sign = -sign)
        {
            Sums(sign * Dot(apart, apart), ofDifference[k]);
            Sums(sign * Dot(apart, Doubles(a)), ofA[k]);
        }

        static void Sums(double wanted, double found) => Assert.InRange(found / wanted, 1 - 4e-6, 1 + 4e-6);

        static float[] Smooth(float size) =>
            [.. Enumerable.Range(0, length).Select(i => size + (1e-3f * MathF.Cos(1e-5f * i)))];
    }

    /// <summary>The same of passes over vectors that are parts of larger ones, from any place on.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Passes_over_parts_are_plain_loops(int length)
    {
        CheckParts<double, double>(length, 1e-14);
        CheckParts<float, float>(length, 1e-6);
        CheckParts<float, double>(length, 1e-6);
    }

    private static unsafe void CheckParts<TNumber, TSum>(int length, double tolerance)
        where TNumber : unmanaged, INumber<TNumber>
        where TSum : unmanaged
    {
        const int start = 3;
        int end = start + length;
        TNumber[][] v = [.. Enumerable.Range(0, 14).Select(k => Wave<TNumber>(end + 1, k))];
        double[][] d = [.. v.Select(one => Doubles(one)[start..end])];
        GCHandle[] pins = [.. v.Select(one => GCHandle.Alloc(one, GCHandleType.Pinned))];
        TNumber** p = stackalloc TNumber*[v.Length];
        for (int k = 0; k < v.Length; k++)
            p[k] = (TNumber*)pins[k].AddrOfPinnedObject();

        double[] moved = Each(i => d[0][i] + (S * d[1][i]) + (T * d[2][i]));
        (double withV, double withW) = LaneSums<TNumber, TSum>.AddTwo((start, end), p[0], S, p[1], T, p[2], p[3]);
        Same(moved, v[0]);
        Sums(Dot(moved, d[2]), withV);
        Sums(Dot(moved, d[3]), withW);

        double[] found = ProductsOf<TNumber, TSum>((start, end), p + 1, p + 3);
        Assert.Equal(found[..10], found[10..20]);
        for (int k = 0; k < 5; k++)
        {
            double[] difference = Each(i => d[k + 3][i] - d[k + 4][i]);
            Sums(Dot(d[1], difference), found[k]);
            Sums(Dot(Each(i => d[1][i] - d[2][i]), difference), found[5 + k]);
            Sums(Dot(Each(i => d[2][i] - d[3][i]), difference), found[20 + k]);
        }

        const int stride = 3;
        double[] weights = [0.3, -0.2, 0.7, 1.1, -0.4];
        double[] newest = Each(i => d[3][i] + (T * d[4][i]));
        double[] mixed = Each(i => newest[i] + weights.Select((w, k) => w * (d[k + 5][i] - newest[i])).Sum());
        double[] apart = [.. weights.SelectMany(w => (double[])[w, .. new double[stride - 1]])];
        fixed (double* w = apart)
            Differences<TNumber>.Mix((start, end), p[1], p[2], p[2], p[3], T, p[4], p + 5, w, stride);
        Same(newest, v[2]);
        Same(mixed, v[1]);
        fixed (double* w = apart)
            Differences<TNumber>.Mix((start, end), p[1], p[1], p[2], p[3], T, p[4], p + 5, w, stride);
        Same(Each(i => (2.0 * mixed[i]) - newest[i]), v[1]);
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(Wave<TNumber>(end + 1, k)[..start], v[k][..start]);
            Assert.Equal(Wave<TNumber>(end + 1, k)[end], v[k][end]);
        }
        Array.ForEach(pins, pin => pin.Free());

        void Sums(double wanted, double found) =>
            Assert.InRange(found - wanted, -10 * tolerance * (1 + length), 10 * tolerance * (1 + length));

        void Same(double[] wanted, TNumber[] found) =>
            Close.Elementwise(wanted, Doubles(found)[start..end], 10 * tolerance);

        double[] Each(Func<int, double> element) => [.. Enumerable.Range(0, length).Select(element)];
    }

    /// <summary>Products of one row and of two.</summary>
    private static unsafe double[] ProductsOf<TNumber, TSum>((int Start, int End) at, TNumber** r, TNumber** x)
        where TNumber : unmanaged, INumber<TNumber>
        where TSum : unmanaged
    {
        double[] found = new double[25];
        fixed (double* f = found)
        {
            Assert.True(Differences<TNumber>.Products<TSum, OneRow>(at, r, x, f, f + 5, null));
            Assert.True(Differences<TNumber>.Products<TSum, TwoRows>(at, r, x, f + 10, f + 15, f + 20));
        }
        return found;
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
        (first, double second) = LaneSums<TNumber, TSum>.Squares<FirstAndSecond>(v[1], v[2]);
        Sums(Dot(d[1], d[1]), first);
        Sums(Dot(d[2], d[2]), second);
        (double difference, first) = LaneSums<TNumber, TSum>.Squares<DifferenceAndFirst>(v[1], v[2]);
        double[] apart = Each(i => d[1][i] - d[2][i]);
        Sums(Dot(apart, apart), difference);
        Sums(Dot(d[1], d[1]), first);
        Sums(Dot(apart, apart), LaneSums<TNumber, TSum>.Distance(v[1], v[2]));

        TNumber[] scaled = [.. v[1]];
        Vectors.ScaleAndAdd<TNumber>(y, v[0], T, scaled);
        Same(Each(i => T * d[1][i]), scaled);
        Same(Each(i => d[0][i] + (T * d[1][i])), y);

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
}
