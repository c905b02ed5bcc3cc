using System.Numerics;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>A triangular system of a batch has the same solution and status to the bit as alone, beside others without an inverse of their diagonal.</summary>
public sealed unsafe class TriangularBatchTests
{
    private const int Batch = 37;
    private const int Denormal = 5;
    private const int Singular = 19;

    [Theory]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(33)]
    [InlineData(64)]
    public void An_item_is_the_same_to_the_bit_as_alone(int m)
    {
        foreach (bool isLower in (bool[])[true, false])
        foreach (bool isUnit in (bool[])[true, false])
        {
            Check<Lanes512<double>, double>(m, isLower, isUnit);
            Check<Lanes256<double>, double>(m, isLower, isUnit);
            Check<Lanes512<float>, float>(m, isLower, isUnit);
            Check<Lanes128<float>, float>(m, isLower, isUnit);
        }
    }

    private static void Check<V, T>(int m, bool isLower, bool isUnit)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.True(TriangularBatch<V, T>.IsInterleaved(m, 1));
        T[] t = Dense.Random<T>(Batch * m, m, m);
        for (int i = 0; i < t.Length; i++)
            t[i] = i % (m * m) % (m + 1) == 0 ? t[i] + T.CreateTruncating(3) : t[i] / T.CreateTruncating(m);
        t[(Denormal * m * m) + (m / 2 * (m + 1))] = T.Epsilon;
        t[(Singular * m * m) + (m / 2 * (m + 1))] = T.Zero;
        T[] together = Dense.Random<T>(Batch, m, 5);
        T[] alone = [.. together];
        int* status = stackalloc int[Batch];
        fixed (
            T* p = t,
                q = together,
                r = alone
        )
        {
            TriangularBatch<V, T>.Run(Batch, m, 1, p, q, isLower, isUnit, q, status);
            for (int item = 0; item < Batch; item++)
            {
                int own = TriangularSolve<V, T>.Run(m, 1, p + (item * m * m), m, 1, isLower, isUnit, r + (item * m), 1);
                Assert.Equal(item == Singular && !isUnit ? (m / 2) + 1 : 0, own);
                Assert.Equal(own, status[item]);
            }
        }
        Assert.Equal(alone, together);
    }
}
