using Implicit.Runtime;
using Implicit.Solvers;
using Implicit.Solvers.Ode;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Solvers.Ode;

/// <summary>Sums of arrays times numbers, beside sums element by element.</summary>
public sealed class LinearCombinationTests
{
    public static TheoryData<string> Names => Methods.Names;

    /// <summary>Whole vectors and parts of them, one term and more than there is room for at first, one thread and several.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 0)]
    [InlineData(16, 3)]
    [InlineData(40, 7)]
    [InlineData(43, 25)]
    [InlineData(300_001, 5)]
    public void Sums_rows_times_numbers(int length, int terms)
    {
        foreach (DType dtype in (DType[])[DType.Float64, DType.Float32])
        {
            Buffer rows = Numbers(dtype, (terms + 1) * length, 0.37);
            Buffer before = Numbers(dtype, length, 0.11);
            Buffer result = Elements.Zeros([new(dtype, [2, length])])[0];
            double[] weights = [.. Enumerable.Range(0, terms).Select(k => 1.0 / (k + 1))];
            var sum = new LinearCombination();
            sum.Begin(length);
            for (int k = 0; k < terms; k++)
                sum.Add(rows, (k + 1) * length);
            sum.Write(weights, before, result, length);
            double[] given = Elements.ToDoubles(rows);
            double[] start = Elements.ToDoubles(before);
            double[] found = Elements.ToDoubles(result);
            double tolerance = (dtype == DType.Float32 ? 2e-7 : 4e-16) * (4 + terms);
            for (int i = 0; i < length; i++)
            {
                double exact = start[i] + weights.Select((w, k) => w * given[((k + 1) * length) + i]).Sum();
                Assert.Equal(0.0, found[i]);
                Assert.InRange(found[length + i], exact - tolerance, exact + tolerance);
            }
        }
    }

    [Fact]
    public void Adds_a_row_in_place()
    {
        Buffer y = Numbers(DType.Float64, 5, 0.5);
        double[] before = Elements.ToDoubles(y);
        Buffer rows = Numbers(DType.Float64, 15, 0.25);
        new LinearCombination().AddRow(rows, 2, y);
        Assert.Equal(before.Zip(Elements.ToDoubles(rows, 10, 5), (a, b) => a + b), Elements.ToDoubles(y));
    }

    [Fact]
    public void Reads_and_writes_nothing_outside()
    {
        Buffer small = Numbers(DType.Float64, 4, 0.5);
        var sum = new LinearCombination();
        sum.Begin(4);
        Assert.Throws<ArgumentOutOfRangeException>(() => sum.Add(small, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sum.Write([], null, small, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sum.Write([], Numbers(DType.Float64, 3, 0.5), small));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_side_by_side_are_those_of_the_interpolant(string method)
    {
        Tableau tableau = Methods.All[method].Tableau;
        double[] weights = new double[tableau.DenseWeights.Room];
        foreach (double theta in (double[])[0.0, 0.3, 1.0])
        {
            tableau.DenseWeights.Fill(theta, 0.5, weights);
            double[] all = tableau.Weights(theta);
            var given = tableau.DenseWeights.Stages.Zip(weights).ToDictionary();
            for (int stage = 0; stage < all.Length; stage++)
                Assert.Equal(0.5 * all[stage], given.GetValueOrDefault(stage));
        }
    }

    private static Buffer Numbers(DType dtype, int length, double step)
    {
        Buffer numbers = Device.Cpu.Backend.Allocate(dtype, length);
        Elements.Write(numbers, [.. Enumerable.Range(0, length).Select(i => Math.Sin(step * i))]);
        return numbers;
    }
}
