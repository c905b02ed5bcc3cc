using System.Numerics;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>A right side of a small triangular system has the same solution to the bit, whatever right sides stand beside it.</summary>
public sealed unsafe class TriangularColumnTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(32)]
    [InlineData(45)]
    [InlineData(64)]
    public void A_column_is_the_same_to_the_bit_alone(int n)
    {
        for (int variant = 0; variant < 16; variant++)
        {
            bool isLower = variant % 2 == 0;
            bool isTransposed = variant % 4 < 2;
            bool isUnit = variant % 8 < 4;
            Check<Lanes512<double>, double>(n, isLower, isTransposed, isUnit, isDenormal: variant < 8);
            Check<Lanes256<float>, float>(n, isLower, isTransposed, isUnit, isDenormal: variant < 8);
        }
    }

    [Fact]
    public void A_long_column_is_divided_by_a_denormal_number()
    {
        for (int variant = 0; variant < 4; variant++)
        {
            Check<Lanes512<double>, double>(83, variant % 2 == 0, variant < 2, isUnit: false, isDenormal: true);
            Check<Lanes256<float>, float>(83, variant % 2 == 0, variant < 2, isUnit: false, isDenormal: true);
        }
    }

    /// <summary>A denormal number on the diagonal has no inverse.</summary>
    private static void Check<V, T>(int n, bool isLower, bool isTransposed, bool isUnit, bool isDenormal)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int columns = 11;
        T[] t = Dense.Random<T>(n, n, n);
        for (int i = 0; i < n * n; i++)
            t[i] = i % (n + 1) == 0 ? t[i] + T.CreateTruncating(3) : t[i] / T.CreateTruncating(n);
        if (isDenormal)
            t[n / 2 * (n + 1)] = T.Epsilon;
        T[] b = Dense.Random<T>(n, columns, 5);
        T[] together = Solve<V, T>(n, columns, t, b, isLower, isTransposed, isUnit);
        foreach (int few in new[] { 1, 3 })
        {
            T[] alone = Solve<V, T>(
                n,
                few,
                t,
                [.. b.Where((_, i) => i % columns < few)],
                isLower,
                isTransposed,
                isUnit
            );
            Assert.Equal(together.Where((_, i) => i % columns < few), alone);
        }
    }

    private static T[] Solve<V, T>(int n, int columns, T[] t, T[] b, bool isLower, bool isTransposed, bool isUnit)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = [.. b];
        (int row, int column) = isTransposed ? (1, n) : (n, 1);
        fixed (
            T* p = t,
                q = x
        )
            Assert.Equal(0, TriangularSolve<V, T>.Run(n, columns, p, row, column, isLower, isUnit, q, columns));
        return x;
    }
}
