using System.Numerics;
using Implicit.Linear;
using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>The basis of GMRES: what is taken off a vector, and what is left.</summary>
public sealed class GramSchmidtTests
{
    private const int Count = 11;

    /// <summary>Lengths with and without a rest beside whole registers, and beside four of them; one with more registers than a chain has.</summary>
    public static TheoryData<int> Lengths => [12, 16, 31, 64, 67, 100, 1300];

    /// <summary>The columns of a Hilbert matrix are all but dependent: one pass over them leaves no orthogonality at all.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Orthogonalisation_is_exact_to_rounding(int length)
    {
        Check<double>(length, 8, (i, k) => 1.0 / (1 + i + k), 1e-15, 1e-14);
        Check<float>(length, 3, (i, k) => 1.0 / (1 + i + k), 3e-7, 3e-6);
    }

    /// <summary>Vectors that have little in common, more of them than are multiplied at once.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void Many_vectors_are_orthogonalised(int length)
    {
        Check<double>(length, Count, Wave, 3e-15, 1e-14);
        Check<float>(length, Count, Wave, 1e-6, 3e-6);
    }

    /// <summary>Squares that float32 cannot hold, and products too, are summed in double.</summary>
    [Theory]
    [InlineData(1e30)]
    [InlineData(1e-30)]
    public void Vectors_of_any_size_are_orthogonalised(double size) =>
        Check<float>(67, Count, (i, k) => size * Wave(i, k), 1e-6, 3e-6);

    /// <summary>
    /// A vector with a component that its type cannot hold is left alone, and so are the zeros behind it, in a rest (67) and in four registers
    /// (60): what is written there next is to the bit what it is in memory of its own.
    /// </summary>
    [Theory]
    [InlineData(60)]
    [InlineData(67)]
    public void Components_out_of_range_leave_nothing_behind(int length)
    {
        CheckOutOfRange(length, 3e38f, size: 3e38 * Math.Sqrt(length), component: 3e38 * Math.Sqrt(length));
        CheckOutOfRange(length, 1.5e308, double.PositiveInfinity, double.PositiveInfinity);
    }

    /// <summary>Large vectors whose components are in range are orthogonalised whatever their norm is.</summary>
    [Fact]
    public void Norms_out_of_range_alone_are_no_hindrance()
    {
        using var space = new KrylovSpace<float>(1, 66);
        var vectors = new KrylovVectors<float>(space, 0);
        vectors[0].Span.Fill((float)(1.0 / Math.Sqrt(66)));
        for (int i = 0; i < 66; i++)
            vectors[1].Span[i] = i % 2 == 0 ? 3e38f : -3e38f;
        double[] column = new double[2];
        double size = GramSchmidt.Orthogonalise(vectors, column);
        Close.Elementwise([3e38 * Math.Sqrt(66), 1.0], [size, column[1] / size], 1e-6);
    }

    /// <summary>Items of a batch are to the bit what they are alone.</summary>
    [Fact]
    public void Items_do_not_see_one_another()
    {
        using var one = new KrylovSpace<float>(1, 67);
        using var many = new KrylovSpace<float>(3, 67);
        double[] alone = new double[Count];
        double[] beside = new double[Count];
        for (int item = 2; item >= 0; item--)
        {
            Fill(new(many, item));
            GramSchmidt.Orthogonalise(new KrylovVectors<float>(many, item), beside);
        }
        Fill(new(one, 0));
        GramSchmidt.Orthogonalise(new KrylovVectors<float>(one, 0), alone);
        Assert.Equal(alone, beside);
        Assert.Equal(one[Count - 1, 0].Span, many[Count - 1, 0].Span);

        static void Fill(KrylovVectors<float> vectors)
        {
            for (int k = 0; k < Count; k++)
            for (int i = 0; i < 67; i++)
                vectors[k].Span[i] = (float)Wave(i, k);
        }
    }

    private static void CheckOutOfRange<T>(int length, T element, double size, double component)
        where T : unmanaged, INumber<T>
    {
        using var used = new KrylovSpace<T>(1, length);
        using var clean = new KrylovSpace<T>(1, length);
        var vectors = new KrylovVectors<T>(used, 0);
        vectors[0].Span.Fill(T.CreateTruncating(1.0 / Math.Sqrt(length)));
        vectors[1].Span.Fill(element);
        double[] column = new double[2];
        Close.Elementwise([size], [GramSchmidt.Orthogonalise(vectors, column)], 1e-6);
        Close.Elementwise([component, double.NaN], column, 1e-6);
        Assert.DoesNotContain(vectors[1].Span.ToArray(), left => left != element);
        var fresh = new KrylovVectors<T>(clean, 0);
        vectors[0].CopyTo(fresh[0]);
        double[] expected = new double[2];
        foreach (KrylovVectors<T> both in (KrylovVectors<T>[])[vectors, fresh])
            for (int i = 0; i < length; i++)
                both[1].Span[i] = T.CreateTruncating(Wave(i, 1));
        GramSchmidt.Orthogonalise(vectors, column);
        GramSchmidt.Orthogonalise(fresh, expected);
        Assert.Equal(expected, column);
        Assert.All(expected, number => Assert.True(double.IsFinite(number)));
        Assert.Equal(fresh[1].Span, vectors[1].Span);
    }

    private static double Wave(int i, int k) => Math.Sin(((k + 1) * i) + k + 1.0);

    /// <param name="length">The length of the vectors.</param>
    /// <param name="count">How many.</param>
    /// <param name="element">Of which vector k which element i.</param>
    /// <param name="rounding">Of a vector as the sum of what it was divided into, and of its norm.</param>
    /// <param name="skew">What products of the basis may be.</param>
    private static void Check<T>(int length, int count, Func<int, int, double> element, double rounding, double skew)
        where T : unmanaged, INumber<T>
    {
        using var space = new KrylovSpace<T>(1, length);
        var vectors = new KrylovVectors<T>(space, 0);
        for (int k = 0; k < count; k++)
        {
            Span<T> vector = vectors[k];
            for (int i = 0; i < length; i++)
                vector[i] = T.CreateTruncating(element(i, k));
            T[] original = vector.ToArray();
            double[] column = new double[k + 1];
            double size = GramSchmidt.Orthogonalise(vectors, column);
            Close.Elementwise([1.0], [Vectors.Norm<T>(original) / size], rounding);
            Close.Elementwise([1.0], [Vectors.Norm<T>(vector) / column[k]], rounding);
            T[] rebuilt = vector.ToArray();
            Vectors.AddAll(rebuilt, column.AsSpan(0, k), vectors);
            Close.Normwise(Doubles(original), Doubles(rebuilt), rounding);
            Vectors.Scale<T>(vector, 1.0 / column[k], vector);
            for (int i = 0; i < k; i++)
                Assert.InRange(Math.Abs(Vectors.Dot<T>(vectors[i], vector)), 0.0, skew);
        }

        static double[] Doubles(T[] numbers) => [.. numbers.Select(double.CreateTruncating)];
    }
}
