using Xunit;

namespace Implicit.Tests.Ops;

/// <summary>Places in order, beside a stable sort that compares numbers.</summary>
public sealed class SortLaws
{
    private static readonly double[] Special =
    [
        0.0,
        -0.0,
        double.NaN,
        -double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        double.Epsilon,
        -double.Epsilon,
        1e-300,
        1.0,
        -1.0,
    ];

    public static MatrixTheoryData<DType, bool, int> Cases =>
        new([DType.Float64, DType.Float32, DType.Int64], [false, true], [1, 17, 3000]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Places_are_those_of_a_stable_sort(DType dtype, bool descending, int length)
    {
        var random = new Random(length);
        double[] elements =
        [
            .. Enumerable
                .Range(0, 2 * length)
                .Select(_ =>
                    dtype == DType.Int64 || random.Next(2) == 0
                        ? random.Next(-20, 20)
                        : Special[random.Next(Special.Length)]
                ),
        ];
        Tensor x = Tensor.Cast(Tensor.Of(elements, [2, length]), dtype);
        double[] rounded = x.ToArray();
        double[] expected = [.. Enumerable.Range(0, 2).SelectMany(row => Places(rounded[(row * length)..][..length]))];
        Assert.Equal(expected, Tensor.Argsort(x, -1, descending).ToArray());

        IEnumerable<double> Places(double[] row)
        {
            // A NaN is less than all numbers for .NET, and last here.
            IOrderedEnumerable<int> nanLast = Enumerable
                .Range(0, row.Length)
                .OrderBy(place => double.IsNaN(row[place]) ? 1 : 0);
            IOrderedEnumerable<int> ordered = descending
                ? nanLast.ThenByDescending(place => row[place])
                : nanLast.ThenBy(place => row[place]);
            return ordered.Select(place => (double)place);
        }
    }

    [Fact]
    public void The_ends_of_whole_numbers_are_in_order()
    {
        long[] elements = [0, long.MaxValue, -1, long.MinValue, 1];
        Tensor x = Tensor.Of(elements);
        Assert.Equal([3, 2, 0, 4, 1], Tensor.Argsort(x).ToArray());
        Assert.Equal([1, 4, 0, 2, 3], Tensor.Argsort(x, descending: true).ToArray());
    }
}
