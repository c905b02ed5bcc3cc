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
        extents.Add(33, 70, 1300);
        extents.Add(300, 4, 100);
        extents.Add(7, 32, 300);
        // More rows than one pass takes, by panels of which the last is narrower.
        extents.Add(165, 130, 600);
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
            MatrixProduct.Run<Lanes512<double>, double, Update.Add>(2, 2, 2, new(p, 2, 1), new(p, 2, 1), new(q, 2, 1));
            Assert.Equal([17, 30, 45, 62], c);
            MatrixProduct.Run<Lanes512<double>, double, Update.Subtract>(
                2,
                2,
                2,
                new(p, 2, 1),
                new(p, 2, 1),
                new(q, 2, 1)
            );
            Assert.Equal([10, 20, 30, 40], c);
        }
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 5)]
    [InlineData(1, 50)]
    [InlineData(2, 12)]
    [InlineData(2, 20)]
    [InlineData(3, 33)]
    [InlineData(4, 41)]
    [InlineData(8, 100)]
    [InlineData(9, 100)]
    [InlineData(70, 300)]
    [InlineData(70, 1100)]
    [InlineData(1030, 70)]
    public void A_row_is_the_same_to_the_bit_whatever_rows_and_strides(int n, int k)
    {
        CheckRows<Lanes512<double>, double>(n, k);
        CheckRows<Lanes256<double>, double>(n, k);
        CheckRows<Lanes512<float>, float>(n, k);
        CheckRows<Lanes128<float>, float>(n, k);
    }

    private static void CheckRows<V, T>(int n, int k)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int m = 107;
        T[] a = Dense.Random<T>(m, k, 1);
        T[] b = Dense.Random<T>(k, n, 2);
        T[] expected =
        [
            .. Enumerable.Range(0, m).SelectMany(i => Product<V, T>(a[(i * k)..((i + 1) * k)], b, 1, n, k, 0)),
        ];
        for (int layout = 0; layout < 8; layout++)
        {
            Assert.Equal(expected, Product<V, T>(a, b, m, n, k, layout));
            Assert.Equal(expected[..(3 * n)], Product<V, T>(a[..(3 * k)], b, 3, n, k, layout));
        }
    }

    /// <summary>The product with any of the three matrices laid out by columns.</summary>
    private static T[] Product<V, T>(T[] a, T[] b, int m, int n, int k, int layout)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged
    {
        a = (layout & 1) == 0 ? a : Dense.Transpose(a, m, k);
        b = (layout & 2) == 0 ? b : Dense.Transpose(b, k, n);
        T[] c = new T[m * n];
        fixed (
            T* p = a,
                q = b,
                r = c
        )
        {
            Matrix<T> left = (layout & 1) == 0 ? new(p, k, 1) : new(p, 1, m);
            Matrix<T> right = (layout & 2) == 0 ? new(q, n, 1) : new(q, 1, k);
            Matrix<T> result = (layout & 4) == 0 ? new(r, n, 1) : new(r, 1, m);
            MatrixProduct.Run<V, T, Update.Set>(m, n, k, left, right, result);
        }
        return (layout & 4) == 0 ? c : Dense.Transpose(c, n, m);
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
            MatrixProduct.Run<V, T, Update.Set>(
                m,
                n,
                k,
                new(p, aRow, aColumn),
                new(q, bRow, bColumn),
                new(r, n + gap, 1)
            );
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
