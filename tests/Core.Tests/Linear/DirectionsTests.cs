using System.Numerics;
using System.Runtime.InteropServices;
using Implicit.Linear;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Passes over directions are plain loops, at lengths with and without a rest beside whole vectors, of parts of larger ones, from any place on.</summary>
public sealed unsafe class DirectionsTests
{
    private const int Start = 3;
    private const double A = 0.3;
    private const double B = -1.7;

    public static TheoryData<int> Lengths => [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Passes_are_plain_loops(int length)
    {
        Check<double, double>(length, 1e-13);
        Check<float, float>(length, 1e-5);
        Check<float, double>(length, 1e-5);
    }

    /// <summary>Positive terms that hardly differ all round to one side: long chains in float32 would be off by 1e-5 and more.</summary>
    [Fact]
    public void Sums_of_long_vectors_round_no_worse_than_their_elements()
    {
        const int length = 1_000_003;
        float[] u = [.. Enumerable.Range(0, length).Select(i => 0.3f + (1e-3f * MathF.Cos(1e-5f * i)))];
        float[] y = [.. u];
        double square = u.Sum(x => (double)x * x);
        fixed (
            float* pU = u,
                pY = y
        )
        {
            (double withV, double withW) = Directions<float, float>.AddTwo((0, length), pY, 1.0, pU, 1.0, pU, pU);
            Assert.Equal(withV, withW);
            double[] all = [Directions<float, float>.Dot((0, length), pU, pU), withV / 3.0];
            Close.Elementwise([square, square], all, 4e-6);
        }
    }

    private static void Check<T, TSum>(int length, double tolerance)
        where T : unmanaged, INumber<T>
        where TSum : unmanaged
    {
        (int Start, int End) at = (Start, Start + length);
        T[] y = Wave<T>(at.End + 1, 0);
        T[] z = Wave<T>(at.End + 1, 1);
        float[][] u = [.. Enumerable.Range(2, 3).Select(k => Wave<float>(at.End + 1, k))];
        (double[] oldY, double[] oldZ) = (Part(y), Part(z));
        double[][] old = [.. u.Select(Part)];
        GCHandle[] pins = [.. ((Array[])[y, z, .. u]).Select(one => GCHandle.Alloc(one, GCHandleType.Pinned))];
        var pY = (T*)pins[0].AddrOfPinnedObject();
        var pZ = (T*)pins[1].AddrOfPinnedObject();
        float* first = (float*)pins[2].AddrOfPinnedObject();
        float* second = (float*)pins[3].AddrOfPinnedObject();
        float* third = (float*)pins[4].AddrOfPinnedObject();

        Sums(Dot(oldY, old[0]), Directions<T, TSum>.Dot(at, first, pY));
        double[] moved = Each(i => oldY[i] + (A * old[0][i]) + (B * old[1][i]));
        (double withV, double withW) = Directions<T, TSum>.AddTwo(at, pY, A, first, B, second, third);
        Same(moved, y);
        Sums(Dot(moved, old[1]), withV);
        Sums(Dot(moved, old[2]), withW);

        Directions<T, TSum>.Add(at, pY, B, third);
        moved = Each(i => moved[i] + (B * old[2][i]));
        Same(moved, y);

        Directions<T, TSum>.Scale(at, first, A, pY);
        Directions<T, TSum>.Split(at, second, A, pY, pZ, B);
        Close.Elementwise(Each(i => A * moved[i]), Part(u[0]), 1e-6);
        Close.Elementwise(Part(u[0]), Part(u[1]), 0.0);
        Same(Each(i => oldZ[i] + (B * moved[i])), y);

        Assert.Equal(oldZ, Part(z));
        Assert.Equal(old[2], Part(u[2]));
        Beside(Wave<T>(at.End + 1, 0), y);
        for (int k = 0; k < u.Length; k++)
            Beside(Wave<float>(at.End + 1, k + 2), u[k]);
        Array.ForEach(pins, pin => pin.Free());

        double[] Part<TNumber>(TNumber[] vector)
            where TNumber : INumber<TNumber> => [.. vector[at.Start..at.End].Select(double.CreateTruncating)];

        double[] Each(Func<int, double> element) => [.. Enumerable.Range(0, length).Select(element)];

        void Same(double[] wanted, T[] found) => Close.Elementwise(wanted, Part(found), tolerance);

        void Sums(double wanted, double found) =>
            Assert.InRange(found - wanted, -tolerance * (1 + length), tolerance * (1 + length));

        void Beside<TNumber>(TNumber[] before, TNumber[] now)
        {
            Assert.Equal(before[..at.Start], now[..at.Start]);
            Assert.Equal(before[at.End], now[at.End]);
        }
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static TNumber[] Wave<TNumber>(int length, int k)
        where TNumber : INumber<TNumber> =>
        [.. Enumerable.Range(0, length).Select(i => TNumber.CreateTruncating(Math.Sin(((k + 1) * i) + k + 1.0)))];
}
