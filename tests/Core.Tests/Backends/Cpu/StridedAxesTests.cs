using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

public sealed class StridedAxesTests
{
    /// <summary>Extents and strides: rows that are long, of few elements, repeated, and of few elements in several groups.</summary>
    private static readonly (int[] Extents, int[] Strides)[] Cases =
    [
        ([5, 40], [1, 5]),
        ([40, 3], [1, 40]),
        ([40, 3], [0, 1]),
        ([4, 9, 2], [40, 1, 20]),
        ([2, 3, 5, 1], [1, 2, 6, 0]),
    ];

    [Fact]
    public unsafe void What_is_gathered_and_scattered_lies_where_the_strides_say()
    {
        int[] memory = [.. Enumerable.Range(0, 400)];
        foreach ((int[] extents, int[] strides) in Cases)
        {
            Shape domain = extents;
            StridedAxes axes = StridedAxes.Of(domain, strides);
            for (int start = 0; start < domain.Length; start += 1 + (start / 3))
            {
                int count = (domain.Length - start) * 2 / 3;
                int[] expected = [.. Enumerable.Range(start, count).Select(i => memory[axes.Offset(i)])];
                int[] gathered = new int[count];
                int[] scattered = new int[memory.Length];
                fixed (
                    int* from = memory,
                        to = gathered,
                        back = scattered
                )
                {
                    axes.Gather(from, start, count, to);
                    axes.Scatter(to, start, count, back);
                }
                Assert.Equal(expected, gathered);
                Assert.All(expected, value => Assert.Equal(value, scattered[value]));
            }
        }
    }
}
