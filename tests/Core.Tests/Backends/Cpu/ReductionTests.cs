using System.Numerics;
using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

public sealed unsafe class ReductionTests
{
    private static readonly int[] Lengths = [0, 1, 7, 8, 9, 63, 64, 257, 1000, 4097];

    [Fact]
    public void Folds_agree_with_plain_loops()
    {
        foreach (int n in Lengths)
        {
            long[] whole = [.. Enumerable.Range(0, n).Select(i => (i * 7919L % 1009) - 500)];
            double[] x = [.. whole.Select(v => (double)v)];
            fixed (double* p = x)
            fixed (long* q = whole)
            {
                Assert.Equal(x.Sum(), Reduction.Fold<Folds.Sum, Lanes512<double>, double>(p, n));
                Assert.Equal(x.Sum(), Reduction.Fold<Folds.Sum, Lanes128<double>, double>(p, n));
                Assert.Equal(whole.Sum(), Reduction.Fold<Folds.Sum, Lanes512<long>, long>(q, n));
                double max = Reduction.Fold<Folds.Maximum, Lanes512<double>, double>(p, n);
                Assert.Equal(n == 0 ? double.NegativeInfinity : x.Max(), max);
                long min = Reduction.Fold<Folds.Minimum, Lanes256<long>, long>(q, n);
                Assert.Equal(n == 0 ? long.MaxValue : whole.Min(), min);
            }
        }
    }

    [Fact]
    public void Rows_have_the_bits_that_each_has_alone()
    {
        AreAsAlone<Lanes512<double>, double>();
        AreAsAlone<Lanes128<double>, double>();
        AreAsAlone<OneLane<double>, double>();
        AreAsAlone<Lanes512<float>, float>();
        AreAsAlone<Lanes256<float>, float>();
        AreAsAlone<Lanes128<float>, float>();

        static void AreAsAlone<V, T>()
            where V : unmanaged, ILanes<V, T>
            where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            for (int length = 1; length <= 18; length++)
            {
                RowsAreAsAlone<Folds.Sum, V, T>(length);
                RowsAreAsAlone<Folds.Product, V, T>(length);
                RowsAreAsAlone<Folds.Minimum, V, T>(length);
                RowsAreAsAlone<Folds.Maximum, V, T>(length);
            }
        }
    }

    private static void RowsAreAsAlone<TOp, V, T>(int length)
        where TOp : struct, IFold
        where V : unmanaged, ILanes<V, T>
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
    {
        const int Rows = 43;
        // Of sizes that round when they meet, of both signs, with zeros of both signs and what is no number.
        T[] special = [T.NegativeZero, T.Zero, T.NegativeZero, T.NaN, T.PositiveInfinity];
        T[] x =
        [
            .. Enumerable
                .Range(0, Rows * length)
                .Select(i => i % 7 == 3 ? special[i % 5] : T.CreateChecked(Math.Sin(i) * Math.Pow(10.0, i % 9))),
        ];
        if (length < 3)
            Array.Fill(x, T.NegativeZero, 0, 6 * length);
        T[] together = new T[Rows];
        fixed (T* p = x)
        fixed (T* y = together)
        {
            Reduction.FoldRows<TOp, V, T>(p, length, y, Rows);
            for (int i = 0; i < Rows; i++)
            {
                T alone = Reduction.Fold<TOp, V, T>(p + (i * length), length);
                Assert.True(alone.Equals(together[i]) && T.IsNegative(alone) == T.IsNegative(together[i]), $"row {i}");
            }
        }
    }

    [Fact]
    public void A_product_multiplies_and_an_empty_one_is_1()
    {
        double[] x =
        [
            .. Enumerable
                .Range(0, 40)
                .Select(i =>
                    i % 3 == 0 ? 2.0
                    : i % 3 == 1 ? 0.5
                    : -1
                ),
        ];
        fixed (double* p = x)
        {
            Assert.Equal(-2.0, Reduction.Fold<Folds.Product, Lanes512<double>, double>(p, 40));
            Assert.Equal(1.0, Reduction.Fold<Folds.Product, Lanes512<double>, double>(p, 0));
        }
    }

    [Fact]
    public void The_error_of_a_sum_stays_small_in_length()
    {
        float[] x = new float[1 << 20];
        Array.Fill(x, 0.1f);
        fixed (float* p = x)
        {
            float sum = Reduction.Fold<Folds.Sum, Lanes512<float>, float>(p, x.Length);
            Assert.InRange(sum / ((double)0.1f * x.Length), 1 - 1e-6, 1 + 1e-6);
            float column;
            ColumnFolds.FoldRows<Folds.Sum, Lanes512<float>, float>(p, x.Length, 1, &column, 1);
            Assert.InRange(column / ((double)0.1f * x.Length), 1 - 1e-6, 1 + 1e-6);
        }
    }

    [Fact]
    public void Extremes_propagate_nan_from_any_place()
    {
        foreach (int place in new[] { 0, 5, 8, 70, 99 })
        {
            double[] x = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
            x[place] = double.NaN;
            fixed (double* p = x)
            {
                Assert.True(double.IsNaN(Reduction.Fold<Folds.Maximum, Lanes512<double>, double>(p, 100)));
                Assert.True(double.IsNaN(Reduction.Fold<Folds.Minimum, Lanes256<double>, double>(p, 100)));
                Assert.Equal(place, Reduction.IndexOfExtreme<Folds.Minimum, Lanes512<double>, double>(p, 100, out _));
            }
        }
    }

    [Fact]
    public void The_first_of_equal_extremes_wins()
    {
        float[] x = [.. Enumerable.Range(0, 300).Select(i => (float)(i % 50))];
        fixed (float* p = x)
        {
            Assert.Equal(49, Reduction.IndexOfExtreme<Folds.Maximum, Lanes512<float>, float>(p, 300, out float max));
            Assert.Equal(49, max);
            Assert.Equal(0, Reduction.IndexOfExtreme<Folds.Minimum, Lanes128<float>, float>(p, 300, out _));
            Assert.Equal(2, Reduction.IndexOfExtreme<Folds.Maximum, Lanes512<float>, float>(p, 3, out _));
        }
    }

    [Fact]
    public void Folding_rows_is_folding_each_column()
    {
        foreach (int rows in new[] { 1, 2, 31, 32, 33, 100 })
        {
            foreach (int n in new[] { 1, 7, 8, 19, 25, 32, 50 })
            {
                double[] x = [.. Enumerable.Range(0, rows * (n + 2)).Select(i => (double)(i * 31 % 17))];
                double[] y = new double[n];
                fixed (
                    double* p = x,
                        q = y
                )
                    ColumnFolds.FoldRows<Folds.Sum, Lanes512<double>, double>(p, rows, n + 2, q, n);
                Assert.Equal(
                    Enumerable.Range(0, n).Select(j => Enumerable.Range(0, rows).Sum(r => x[r * (n + 2) + j])),
                    y
                );
            }
        }
    }

    [Fact]
    public void A_column_is_folded_in_the_same_order_whatever_columns_stand_beside_it()
    {
        const int rows = 120;
        const int columns = 70;
        System.Random random = new(3);
        float[] x = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextDouble() - 0.5f)];
        float[] y = new float[columns];
        fixed (
            float* p = x,
                q = y
        )
        {
            ColumnFolds.FoldRows<Folds.Sum, Lanes512<float>, float>(p, rows, columns, q, columns);
            for (int j = 0; j < columns; j++)
            {
                float alone;
                ColumnFolds.FoldRows<Folds.Sum, Lanes128<float>, float>(p + j, rows, columns, &alone, 1);
                Assert.Equal(alone, y[j]);
            }
        }
    }

    [Fact]
    public void A_cascade_adds_like_a_tree()
    {
        Cascade<Folds.Sum, double> cascade = default;
        Assert.Equal(0, cascade.Result());
        for (int i = 1; i <= 1000; i++)
            cascade.Add(i);
        Assert.Equal(500500, cascade.Result());
        cascade.Clear();
        cascade.Add(3);
        Assert.Equal(3, cascade.Result());
    }
}
