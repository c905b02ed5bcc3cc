using Implicit.Backends.Cpu;
using Xunit;
using static Implicit.Backends.Cpu.BinaryFunctions;

namespace Implicit.Tests.Backends.Cpu;

public sealed unsafe class ElementwiseTests
{
    private static readonly int[] Lengths = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 512];

    [Fact]
    public void Loops_stay_within_their_length()
    {
        foreach (int n in Lengths)
        {
            double[] x = Numbers(n + 1);
            double[] y = [.. Enumerable.Repeat(7.0, n + 1)];
            fixed (
                double* p = x,
                    q = y
            )
                Elementwise.Unary<UnaryFunctions.Negate, Lanes512<double>, double>(p, q, n);
            Assert.Equal(x.Take(n).Select(v => -v).Append(7.0), y);
        }
    }

    [Fact]
    public void A_step_of_0_repeats_an_element()
    {
        foreach (int n in Lengths)
        {
            double[] x = Numbers(n);
            foreach (int bits in new[] { 128, 256, 512 })
            {
                Assert.Equal(x.Select(v => v - 3), BinaryCase<Subtract>.Run(x, [3.0], bits).Take(n));
                Assert.Equal(x.Select(v => 3 / v), BinaryCase<Divide>.Run([3.0], x, bits).Take(n));
                Assert.Equal(x.Select(v => v * v), BinaryCase<Multiply>.Run(x, x, bits));
            }
        }
    }

    [Fact]
    public void Minimum_and_maximum_propagate_nan()
    {
        foreach ((double a, double b) in new[] { (double.NaN, 1.0), (1.0, double.NaN), (2.0, 1.0), (-0.0, 0.0) })
        {
            Assert.Equal(Math.Min(a, b), BinaryCase<Minimum>.Run(a, b));
            Assert.Equal(Math.Max(a, b), BinaryCase<Maximum>.Run(a, b));
        }
    }

    [Fact]
    public void Int64_arithmetic_wraps_and_bytes_are_truth_values()
    {
        long[] a = [long.MaxValue, 3, -4, 5, 6];
        long[] b = [1, -7, -4, 1L << 40, 0];
        long[] y = new long[5];
        fixed (
            long* p = a,
                q = b,
                r = y
        )
        {
            Elementwise.Binary<Add, Lanes512<long>, long>(p, 1, q, 1, r, 5);
            Assert.Equal([long.MinValue, -4, -8, 5 + (1L << 40), 6], y);
            Elementwise.Binary<Multiply, Lanes256<long>, long>(p, 1, q, 1, r, 5);
            Assert.Equal([long.MaxValue, -21, 16, 5L << 40, 0], y);
        }
        byte[] truth = [0, 1, 0, 1];
        byte[] not = new byte[4];
        fixed (
            byte* p = truth,
                q = not
        )
            Elementwise.Unary<UnaryFunctions.Not, Lanes512<byte>, byte>(p, q, 4);
        Assert.Equal([1, 0, 1, 0], not);
    }

    [Fact]
    public void Comparisons_make_masks_that_select()
    {
        foreach (int n in Lengths)
        {
            CheckMasks<Lanes512<double>>(n);
            CheckMasks<Lanes256<double>>(n);
            CheckMasks<Lanes128<double>>(n);
            CheckSingleMasks<Lanes512<float>>(n);
            CheckSingleMasks<Lanes128<float>>(n);
        }
    }

    [Fact]
    public void Copies_walk_by_steps_and_convert()
    {
        double[] x = Numbers(40);
        double[] y = new double[13];
        float[] single = new float[40];
        long[] whole = new long[3];
        byte[] truth = new byte[4];
        fixed (
            double* p = x,
                q = y
        )
        fixed (float* s = single)
        {
            Copies.Gather(p + 39, -3, q, 13);
            Assert.Equal(Enumerable.Range(0, 13).Select(i => x[39 - 3 * i]), y);
            Copies.Gather(p + 5, 0, q, 13);
            Assert.All(y, v => Assert.Equal(x[5], v));
            Copies.Cast(p, s, 40);
            Assert.Equal(x.Select(v => (float)v), single);
            Copies.Cast(s, p, 40);
            Assert.Equal(single.Select(v => (double)v), x);
        }
        double[] edges = [-2.7, double.NaN, 1e30, 0];
        fixed (double* p = edges)
        fixed (long* q = whole)
        fixed (byte* t = truth)
        {
            Copies.Cast(p, q, 3);
            Copies.ToBool(p, t, 4);
        }
        Assert.Equal([-2, 0, long.MaxValue], whole);
        Assert.Equal([1, 1, 1, 0], truth);
    }

    private static void CheckMasks<V>(int n)
        where V : unmanaged, ILanes<V, double>
    {
        double[] a = Numbers(n);
        double[] zero = [0.0];
        double[] y = new double[n];
        byte[] mask = new byte[n + 1];
        mask[n] = 9;
        fixed (
            double* p = a,
                q = zero,
                r = y
        )
        fixed (byte* m = mask)
        {
            Masks.Compare<Comparisons.Less, V, double>(p, 1, q, 0, 0, m, n);
            Assert.Equal(a.Select(v => v < 0 ? (byte)1 : (byte)0).Append((byte)9), mask);
            Masks.Select<V, double>(m, p, 1, q, 0, r, n);
            Assert.Equal(a.Select(v => v < 0 ? v : 0), y);
            Masks.Compare<Comparisons.Equal, V, double>(p, 1, p, 1, 1, m, n);
            Assert.All(mask.Take(n), v => Assert.Equal(0, v));
        }
    }

    private static void CheckSingleMasks<V>(int n)
        where V : unmanaged, ILanes<V, float>
    {
        float[] a = [.. Numbers(n).Select(v => (float)v)];
        float[] zero = [0];
        float[] y = new float[n];
        byte[] mask = new byte[n];
        fixed (
            float* p = a,
                q = zero,
                r = y
        )
        fixed (byte* m = mask)
        {
            Masks.Compare<Comparisons.LessOrEqual, V, float>(q, 0, p, 1, 0, m, n);
            Masks.Select<V, float>(m, p, 1, q, 0, r, n);
        }
        Assert.Equal(a.Select(v => v >= 0 ? v : 0), y);
    }

    private static double[] Numbers(int n) => [.. Enumerable.Range(0, n).Select(i => (i * 37 % 101 - 50) / 8.0)];
}
