using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu;

public sealed unsafe class RandomStreamTests
{
    /// <summary>The known answers that accompany Salmon et al. 2011 (Random123, kat_vectors, philox4x32 10).</summary>
    [Fact]
    public void Blocks_are_the_published_known_answers()
    {
        const uint ones = uint.MaxValue;
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block(0, 0, 0, 0, 0, 0));
        Assert.Equal(
            (0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu),
            Philox.Block(ones, ones, ones, ones, ones, ones)
        );
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0)
        );
    }

    [Fact]
    public void Element_i_is_word_i_mod_2_of_block_i_over_2()
    {
        foreach (long key in new[] { 0L, 1L, -1L, 0x123456789ABCDEF0 })
        {
            long[] y = new long[101];
            fixed (long* p = y)
                RandomStream.Bits(key, p, y.Length);
            for (uint i = 0; i < y.Length; i++)
            {
                (uint a, uint b, uint c, uint d) = Philox.Block(i / 2, 0, 0, 0, (uint)key, (uint)(key >> 32));
                Assert.Equal(i % 2 == 0 ? a | (ulong)b << 32 : c | (ulong)d << 32, (ulong)y[i]);
            }
        }
    }

    [Fact]
    public void Uniform_numbers_are_the_upper_bits()
    {
        long[] bits = new long[37];
        double[] y = new double[37];
        float[] single = new float[37];
        fixed (long* p = bits)
        fixed (double* q = y)
        fixed (float* r = single)
        {
            RandomStream.Bits(42, p, 37);
            RandomStream.Uniform(42, q, 37);
            RandomStream.Uniform(42, r, 37);
        }
        Assert.Equal(bits.Select(v => ((ulong)v >> 11) * Math.Pow(2, -53)), y);
        Assert.Equal(bits.Select(v => (float)(((ulong)v >> 40) * Math.Pow(2, -24))), single);
    }

    [Fact]
    public void A_longer_stream_begins_with_the_shorter_one()
    {
        double[] longer = Normal(7, 100);
        foreach (int n in new[] { 1, 2, 15, 16, 17, 33 })
            Assert.Equal(longer.Take(n), Normal(7, n));
        Assert.NotEqual(longer, Normal(8, 100));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        const int n = 400_000;
        double[] y = Normal(123, n);
        // Standard errors: 1/√n, √(2/n), √(15/n), √(96/n); five of them.
        double unit = 5 / Math.Sqrt(n);
        Assert.InRange(y.Average(), -unit, unit);
        Assert.InRange(y.Average(v => v * v) - 1, -1.5 * unit, 1.5 * unit);
        Assert.InRange(y.Average(v => v * v * v), -3.9 * unit, 3.9 * unit);
        Assert.InRange(y.Average(v => v * v * v * v) - 3, -9.8 * unit, 9.8 * unit);
        Assert.InRange(
            y.Where((_, i) => i % 2 == 0).Zip(y.Where((_, i) => i % 2 == 1), (a, b) => a * b).Average(),
            -1.5 * unit,
            1.5 * unit
        );
        Assert.All(y, v => Assert.True(double.IsFinite(v)));
        float[] single = new float[n];
        fixed (float* p = single)
            RandomStream.Normal(123, p, n);
        Assert.Equal(y.Select(v => (float)v), single);
    }

    private static double[] Normal(long key, int n)
    {
        double[] y = new double[n];
        fixed (double* p = y)
            RandomStream.Normal(key, p, n);
        return y;
    }
}
