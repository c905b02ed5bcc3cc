using System.Numerics;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

/// <summary>Cholesky, LU and triangular solves: residuals in units of n·ε, and what they report when they fail.</summary>
public sealed unsafe class FactorisationTests
{
    public static TheoryData<int> Sizes => [1, 2, 3, 7, 8, 9, 31, 32, 33, 65, 100, 124];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cholesky_gives_the_lower_factor(int n)
    {
        CheckCholesky<Lanes512<double>, double>(n);
        CheckCholesky<Lanes256<double>, double>(n);
        CheckCholesky<Lanes512<float>, float>(n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Lu_gives_both_factors_and_the_permutation(int n)
    {
        CheckLu<Lanes512<double>, double>(n);
        CheckLu<Lanes128<float>, float>(n);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Triangular_solves_invert_products(int n)
    {
        foreach (int columns in new[] { 1, 2, 9, 40 })
        {
            for (int variant = 0; variant < 8; variant++)
            {
                CheckSolve<Lanes512<double>, double>(n, columns, variant % 2 == 0, variant % 4 < 2, variant < 4);
                CheckSolve<Lanes256<float>, float>(n, columns, variant % 2 == 0, variant % 4 < 2, variant < 4);
            }
        }
    }

    [Fact]
    public void Cholesky_names_the_first_column_without_a_positive_pivot()
    {
        foreach (int bad in new[] { 0, 5, 40, 49 })
        {
            foreach (double value in new[] { 0.0, -1.0, double.NaN, double.PositiveInfinity })
            {
                double[] a = Dense.Identity(50);
                a[bad * 51] = value;
                fixed (double* p = a)
                    Assert.Equal(bad + 1, Cholesky<Lanes512<double>, double>.Run(50, p, p));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cholesky_takes_the_symmetric_part_and_may_overwrite_it(int n)
    {
        CheckSymmetricPart<Lanes512<double>, double>(n);
        CheckSymmetricPart<Lanes256<float>, float>(n);
    }

    [Fact]
    public void Lu_names_the_first_column_without_a_pivot_and_goes_on()
    {
        foreach (int bad in new[] { 0, 5, 40 })
        {
            double[] a = Dense.Random<double>(50, 50, 3);
            for (int i = 0; i < 50; i++)
                a[i * 50 + bad] = 0;
            long[] permutation = new long[50];
            fixed (double* p = a)
            fixed (long* q = permutation)
                Assert.Equal(bad + 1, LuFactorisation<Lanes512<double>, double>.Run(50, p, p, q));
            Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), permutation.Order());
        }
    }

    [Fact]
    public void A_triangular_solve_names_the_first_zero_of_the_diagonal()
    {
        double[] t = Dense.Identity(6);
        t[3 * 7] = 0;
        double[] x = new double[6];
        fixed (
            double* p = t,
                q = x
        )
        {
            Assert.Equal(4, TriangularSolve<Lanes512<double>, double>.Run(6, 1, p, 6, 1, true, false, q, 1));
            Assert.Equal(0, TriangularSolve<Lanes512<double>, double>.Run(6, 1, p, 6, 1, true, true, q, 1));
        }
    }

    [Fact]
    public void Batches_report_each_item_apart()
    {
        foreach (int n in new[] { 1, 3, 10, 33, 70 })
        {
            const int batch = 21;
            double[] a = [.. Enumerable.Range(0, batch).SelectMany(i => Dense.PositiveDefinite<double>(n, i))];
            double[] l = new double[a.Length];
            int[] status = new int[batch];
            a[5 * n * n] = -1;
            fixed (
                double* p = a,
                    q = l
            )
            fixed (int* s = status)
                CholeskyBatch<Lanes512<double>, double>.Run(batch, n, p, q, s);
            for (int item = 0; item < batch; item++)
            {
                Assert.Equal(item == 5 ? 1 : 0, status[item]);
                if (item == 5)
                    continue;
                double[] factor = l[(item * n * n)..((item + 1) * n * n)];
                double[] product = Dense.Multiply(factor, Dense.Transpose(factor, n, n), n, n, n);
                Assert.InRange(Dense.Distance(product, a[(item * n * n)..((item + 1) * n * n)]), 0, 1e-14 * (n + 5));
                for (int i = 0; i < n; i++)
                    Assert.All(factor[(i * n + i + 1)..((i + 1) * n)], value => Assert.Equal(0, value));
            }
        }
    }

    [Fact]
    public void An_item_of_a_batch_is_the_same_to_the_bit_as_alone()
    {
        foreach (int n in new[] { 1, 2, 3, 7, 8, 9, 10, 12, 13, 16, 32, 33, 50, 63, 64, 65, 111, 112, 113 })
        {
            CheckItems<Lanes512<double>, double>(n);
            CheckItems<Lanes256<double>, double>(n);
            CheckItems<Lanes512<float>, float>(n);
            CheckLuItems<Lanes512<double>, double>(n);
            CheckLuItems<Lanes256<double>, double>(n);
            CheckLuItems<Lanes128<double>, double>(n);
            CheckLuItems<OneLane<double>, double>(n);
            CheckLuItems<Lanes512<float>, float>(n);
        }
    }

    /// <summary>Every item exchanges rows of its own; one without a pivot and one with a NaN change no other.</summary>
    private static void CheckLuItems<V, T>(int n)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int batch = 19;
        T[] a = [.. Enumerable.Range(0, batch).SelectMany(i => Dense.Random<T>(n, n, i))];
        for (int i = 0; i < n; i++)
            a[(7 * n * n) + (i * n) + (n / 2)] = T.Zero;
        a[3 * n * n] = T.NaN;
        T[] together = new T[a.Length];
        T[] alone = new T[n * n];
        long[] permutations = new long[batch * n];
        long[] permutation = new long[n];
        int* status = stackalloc int[batch];
        fixed (
            T* p = a,
                q = together,
                r = alone
        )
        fixed (
            long* pq = permutations,
                pr = permutation
        )
        {
            LuBatch<V, T>.Run(batch, n, p, q, pq, status);
            for (int item = 0; item < batch; item++)
            {
                Assert.Equal(status[item], LuFactorisation<V, T>.Run(n, p + item * n * n, r, pr));
                Assert.Equal(
                    item == 7 ? (n / 2) + 1
                        : item == 3 ? 1
                        : 0,
                    status[item]
                );
                if (status[item] != 0)
                    continue;
                Assert.Equal(permutation, permutations[(item * n)..((item + 1) * n)]);
                Assert.Equal(alone, together[(item * n * n)..((item + 1) * n * n)]);
            }
            LuBatch<V, T>.Run(batch, n, p, p, pq, status);
            for (int item = 0; item < batch; item++)
                if (status[item] == 0)
                    Assert.Equal(
                        together[(item * n * n)..((item + 1) * n * n)],
                        a[(item * n * n)..((item + 1) * n * n)]
                    );
        }
    }

    private static void CheckItems<V, T>(int n)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int batch = 19;
        T[] a = [.. Enumerable.Range(0, batch).SelectMany(i => Dense.PositiveDefinite<T>(n, i))];
        // A bad item changes no other.
        a[7 * n * n + (n / 2) * (n + 1)] = -T.One;
        T[] together = new T[a.Length];
        T[] alone = new T[n * n];
        int* status = stackalloc int[batch];
        fixed (
            T* p = a,
                q = together,
                r = alone
        )
        {
            CholeskyBatch<V, T>.Run(batch, n, p, q, status);
            for (int item = 0; item < batch; item++)
            {
                Assert.Equal(status[item], Cholesky<V, T>.Run(n, p + item * n * n, r));
                Assert.Equal(item == 7, status[item] != 0);
                if (item != 7)
                    Assert.Equal(alone, together[(item * n * n)..((item + 1) * n * n)]);
            }
        }
    }

    private static void CheckCholesky<V, T>(int n)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] a = Dense.PositiveDefinite<T>(n, n);
        T[] l = new T[n * n];
        fixed (
            T* p = a,
                q = l
        )
            Assert.Equal(0, Cholesky<V, T>.Run(n, p, q));
        double[] product = Dense.Multiply(l, Dense.Transpose(l, n, n), n, n, n);
        Assert.InRange(Dense.Distance(product, a), 0, Precision<T>() * n * (n / 3.0 + 1));
        for (int i = 0; i < n; i++)
            Assert.All(l[(i * n + i + 1)..((i + 1) * n)], value => Assert.Equal(T.Zero, value));
    }

    /// <summary>Of a batch, whose first items are interleaved and whose last is alone.</summary>
    private static void CheckSymmetricPart<V, T>(int n)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int batch = 9;
        T[] symmetric = [.. Enumerable.Range(0, batch).SelectMany(i => Dense.PositiveDefinite<T>(n, i))];
        T[] skewed = [.. symmetric];
        for (int item = 0; item < batch; item++)
        {
            T[] other = Dense.Random<T>(n, n, item);
            for (int i = 0; i < n * n; i++)
                skewed[(item * n * n) + i] += other[i] - other[(i % n * n) + (i / n)];
            for (int i = 0; i < n * n; i++)
            {
                T mirrored = skewed[(item * n * n) + (i % n * n) + (i / n)];
                symmetric[(item * n * n) + i] = (skewed[(item * n * n) + i] + mirrored) * T.CreateTruncating(0.5);
            }
        }
        T[] expected = new T[symmetric.Length];
        int* status = stackalloc int[batch];
        fixed (
            T* p = symmetric,
                q = expected,
                r = skewed
        )
        {
            for (int item = 0; item < batch; item++)
                Assert.Equal(0, Cholesky<V, T>.Run(n, p + (item * n * n), q + (item * n * n)));
            CholeskyBatch<V, T>.Run(batch, n, r, r, status);
        }
        Assert.Equal(expected, skewed);
    }

    private static void CheckLu<V, T>(int n)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] a = Dense.Random<T>(n, n, n);
        T[] lu = new T[n * n];
        long[] permutation = new long[n];
        fixed (
            T* p = a,
                q = lu
        )
        fixed (long* r = permutation)
            Assert.Equal(0, LuFactorisation<V, T>.Run(n, p, q, r));
        T[] lower =
        [
            .. lu.Select(
                (v, i) =>
                    i / n > i % n ? v
                    : i / n == i % n ? T.One
                    : T.Zero
            ),
        ];
        T[] upper = [.. lu.Select((v, i) => i / n <= i % n ? v : T.Zero)];
        Assert.All(lower, v => Assert.InRange(double.CreateTruncating(v), -1, 1));
        T[] permuted = [.. permutation.SelectMany(row => a[(int)(row * n)..(int)((row + 1) * n)])];
        Assert.InRange(Dense.Distance(Dense.Multiply(lower, upper, n, n, n), permuted), 0, Precision<T>() * 4 * n);
    }

    private static void CheckSolve<V, T>(int n, int columns, bool lower, bool transposed, bool unit)
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Small off-diagonal elements keep the triangle well conditioned.
        T[] t = Dense.Random<T>(n, n, n);
        T[] dense = new T[n * n];
        for (int i = 0; i < n * n; i++)
        {
            (int row, int column) = (i / n, i % n);
            t[i] = row == column ? t[i] + T.CreateTruncating(3) : t[i] / T.CreateTruncating(n);
            bool isInside = lower ? row > column : row < column;
            dense[i] =
                row == column ? (unit ? T.One : t[i])
                : isInside ? t[i]
                : T.Zero;
        }
        T[] stored = transposed ? Dense.Transpose(t, n, n) : t;
        T[] x = Dense.Random<T>(n, columns, 5);
        T[] b = [.. Dense.Multiply(dense, x, n, n, columns).Select(T.CreateTruncating)];
        (int row, int column) strides = transposed ? (1, n) : (n, 1);
        fixed (
            T* p = stored,
                q = b
        )
        {
            int failed = TriangularSolve<V, T>.Run(n, columns, p, strides.row, strides.column, lower, unit, q, columns);
            Assert.Equal(0, failed);
        }
        Assert.InRange(Dense.Distance(x, b), 0, Precision<T>() * 20);
    }

    private static double Precision<T>() => typeof(T) == typeof(float) ? Math.Pow(2, -23) : Math.Pow(2, -52);
}
