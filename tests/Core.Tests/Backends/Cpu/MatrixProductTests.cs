using System.Numerics;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>Products of matrices of small whole numbers, which are exact in every order of summation.</summary>
public sealed unsafe class MatrixProductTests
{
    public static TheoryData<int, int, int> Extents()
    {
        TheoryData<int, int, int> extents = new();
        foreach (int m in new[] { 1, 2, 3, 4, 5, 6, 21 })
        {
            foreach (int n in new[] { 1, 2, 3, 8, 9, 17, 32, 33, 50, 70 })
                extents.Add(m, n, 13);
        }
        extents.Add(3, 4, 0);
        extents.Add(33, 65, 1);
        extents.Add(40, 300, 500);
        extents.Add(300, 4, 100);
        return extents;
    }

    [Theory]
    [MemberData(nameof(Extents))]
    public void Any_strides_and_types_give_the_product(int m, int n, int k)
    {
        foreach (bool transposeA in new[] { false, true })
        {
            foreach (bool transposeB in new[] { false, true })
            {
                Check<Lanes512<double>, double>(m, n, k, transposeA, transposeB);
                Check<Lanes256<double>, double>(m, n, k, transposeA, transposeB);
                Check<Lanes512<float>, float>(m, n, k, transposeA, transposeB);
                Check<Lanes128<float>, float>(m, n, k, transposeA, transposeB);
                Check<Lanes512<long>, long>(m, n, k, transposeA, transposeB);
            }
        }
    }

    [Fact]
    public void A_product_adds_to_and_subtracts_from_what_is_there()
    {
        double[] a = [1, 2, 3, 4];
        double[] c = [10, 20, 30, 40];
        fixed (
            double* p = a,
                q = c
        )
        {
            MatrixProduct.Run<Lanes512<double>, double, Update.Add>(2, 2, 2, p, 2, 1, p, 2, 1, q, 2);
            Assert.Equal([17, 30, 45, 62], c);
            MatrixProduct.Run<Lanes512<double>, double, Update.Subtract>(2, 2, 2, p, 2, 1, p, 2, 1, q, 2);
            Assert.Equal([10, 20, 30, 40], c);
        }
    }

    private static void Check<V, T>(int m, int n, int k, bool transposeA, bool transposeB)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, INumber<T>
    {
        T[] a = Numbers<T>(m * k, 5);
        T[] b = Numbers<T>(k * n, 7);
        const int gap = 3;
        T[] c = new T[m * (n + gap)];
        (int aRow, int aColumn) = transposeA ? (1, m) : (k, 1);
        (int bRow, int bColumn) = transposeB ? (1, k) : (n, 1);
        fixed (
            T* p = a,
                q = b,
                r = c
        )
            MatrixProduct.Run<V, T, Update.Set>(m, n, k, p, aRow, aColumn, q, bRow, bColumn, r, n + gap);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n + gap; j++)
            {
                T sum = T.Zero;
                for (int l = 0; l < k && j < n; l++)
                    sum += a[i * aRow + l * aColumn] * b[l * bRow + j * bColumn];
                Assert.Equal(sum, c[i * (n + gap) + j]);
            }
        }
    }

    private static T[] Numbers<T>(int count, int seed)
        where T : INumber<T> => [.. Enumerable.Range(0, count).Select(i => T.CreateChecked((i * 37 + seed) % 19 - 9))];
}
