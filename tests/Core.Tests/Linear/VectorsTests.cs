using System.Numerics;
using Implicit.Linear;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>The arithmetic of Krylov methods, at lengths with and without a rest beside whole vectors.</summary>
public sealed class VectorsTests
{
    public static TheoryData<int> Lengths => [0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 100];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Vector_loops_are_plain_loops(int length)
    {
        Check<double>(length, 1e-14);
        Check<float>(length, 1e-6);
    }

    /// <summary>Squares that overflow float32, and products that cancel in it, are summed in double.</summary>
    [Fact]
    public void Sums_of_products_are_taken_in_double()
    {
        float[] large = [.. Enumerable.Repeat(1e25f, 33)];
        Close.Elementwise([1e25 * Math.Sqrt(33.0)], [Vectors.Norm<float>(large)], 1e-6);
        float[] a = [1e6f, 1f, -1e6f];
        float[] b = [1e6f, 1f, 1e6f];
        Assert.Equal(1.0, Vectors.Dot<float>(a, b));
    }

    /// <summary>Whatever is wrong, wherever it stands, and nothing else: squares of large elements may overflow.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_copy_tells_whether_there_is_an_infinity_or_NaN(int length)
    {
        float[] vector = [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? float.MaxValue : -float.Epsilon)];
        float[] copy = new float[length];
        Assert.True(Vectors.CopyFinite<float>(copy, vector));
        Assert.Equal(vector, copy);
        for (int i = 0; i < length; i++)
            foreach (float wrong in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            {
                float[] with = [.. vector];
                with[i] = wrong;
                Assert.False(Vectors.CopyFinite<float>(copy, with));
                Assert.Equal(with, copy);
            }
        Assert.Throws<ArgumentOutOfRangeException>(() => Vectors.CopyFinite<float>(copy, new float[length + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Vectors.CopyFinite<float>(new float[length + 1], vector));
    }

    /// <summary>A system longer than a vector register, in single precision, by every iterative method.</summary>
    [Fact]
    public void Long_systems_in_single_precision()
    {
        const int n = 203;
        Tensor d = Tensor.Cast(Tensor.Of([.. Enumerable.Range(0, n).Select(i => 2.0 + Math.Sin(i))]), DType.Float32);
        Tensor b = Tensor.Cast(Tensor.Of([.. Enumerable.Range(0, n).Select(i => Math.Cos(2 * i))]), DType.Float32);
        foreach (LinearSolver.Krylov solver in Systems.Methods.Values.OfType<LinearSolver.Krylov>())
        {
            LinearSolver loose = solver with { RelativeTolerance = 1e-6 };
            if (solver is LinearSolver.Gmres { Restart: 2 })
                continue;
            Tensor x = LinearSystem.Solve(LinearOperator.Diagonal(d), b, loose);
            Close.Elementwise(
                Tensor.Cast(b / d, DType.Float64).ToArray(),
                Tensor.Cast(x, DType.Float64).ToArray(),
                1e-4
            );
        }
    }

    private static void Check<T>(int length, double tolerance)
        where T : unmanaged, INumber<T>
    {
        T[] x = [.. Enumerable.Range(0, length).Select(i => T.CreateTruncating(Math.Sin(i + 1.0)))];
        T[] y = [.. Enumerable.Range(0, length).Select(i => T.CreateTruncating(Math.Cos(3.0 * i)))];
        double dot = 0.0;
        for (int i = 0; i < length; i++)
            dot += double.CreateTruncating(x[i]) * double.CreateTruncating(y[i]);
        Close.Elementwise([dot], [Vectors.Dot<T>(x, y)], 1e-14 * (1 + length));
        T[] sum = [.. y];
        Vectors.Add<T>(sum, 0.3, x);
        Same(i => y[i] + (T.CreateTruncating(0.3) * x[i]), sum);
        T[] scaled = new T[length];
        Vectors.Scale<T>(scaled, -1.7, x);
        Same(i => T.CreateTruncating(-1.7) * x[i], scaled);
        T[] moved = [.. y];
        Vectors.AddDifference<T>(moved, 0.3, x, y);
        Same(i => y[i] + (T.CreateTruncating(0.3) * (x[i] - y[i])), moved);
        CheckMany(x, y, tolerance);

        void Same(Func<int, T> expected, T[] actual) =>
            Close.Elementwise(
                [.. Enumerable.Range(0, length).Select(i => double.CreateTruncating(expected(i)))],
                [.. actual.Select(double.CreateTruncating)],
                tolerance
            );
    }

    /// <summary>A sum with many vectors is that with one after the other.</summary>
    private static void CheckMany<T>(T[] x, T[] y, double tolerance)
        where T : unmanaged, INumber<T>
    {
        using var space = new KrylovSpace<T>(2, x.Length);
        var vectors = new KrylovVectors<T>(space, 1);
        double[] factors = [0.3, -1.1, 0.7, 2.0, -0.4, 1.3, 0.9];
        T[] sum = [.. y];
        T[] expected = [.. y];
        for (int k = 0; k < factors.Length; k++)
        {
            Vectors.Scale<T>(vectors[k], factors[^(k + 1)], k % 2 == 0 ? x : y);
            Vectors.Add<T>(expected, factors[k], vectors[k]);
        }
        Vectors.AddAll(sum, factors, vectors);
        Same(expected, sum);

        void Same(T[] wanted, T[] found) =>
            Close.Elementwise(
                [.. wanted.Select(double.CreateTruncating)],
                [.. found.Select(double.CreateTruncating)],
                10 * tolerance
            );
    }
}
