using Implicit.Kernels;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class RandomTests
{
    [Theory]
    [InlineData(Distribution.Uniform, DType.Float64)]
    [InlineData(Distribution.Uniform, DType.Float32)]
    [InlineData(Distribution.Normal, DType.Float64)]
    [InlineData(Distribution.Normal, DType.Float32)]
    [InlineData(Distribution.Bits, DType.Int64)]
    public void A_stream_depends_on_its_key_alone(object distribution, DType dtype)
    {
        double[] both = Draw((Distribution)distribution, dtype, 37, 5, 8);
        Assert.Equal(Draw((Distribution)distribution, dtype, 37, 5), both.Take(37));
        Assert.Equal(Draw((Distribution)distribution, dtype, 37, 8), both.Skip(37));
        Assert.NotEqual(both.Take(37), both.Skip(37));
        Assert.Equal(both.Take(9), Draw((Distribution)distribution, dtype, 9, 5));
    }

    [Theory]
    [InlineData(Distribution.Uniform, 0.5, 1.0 / 12)]
    [InlineData(Distribution.Normal, 0.0, 1.0)]
    public void Moments_are_those_of_the_distribution(object distribution, double mean, double variance)
    {
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            double[] x = Draw((Distribution)distribution, dtype, 40_000, 1);
            double m = x.Average();
            Assert.Equal(mean, m, 5 * Math.Sqrt(variance / x.Length));
            Assert.Equal(variance, x.Average(v => (v - m) * (v - m)), 0.03 * variance);
        }
    }

    private static double[] Draw(Distribution distribution, DType dtype, int count, params double[] keys)
    {
        var builder = new ProgramBuilder();
        Operand from = new(builder.Input(DType.Int64, keys), new IndexMap(0, [1]));
        Operand to = new(builder.Output(dtype, keys.Length * count), new IndexMap(0, [count, 1]));
        builder.Then(new Kernels.Random(distribution, keys.Length, count, from, to));
        return builder.Run();
    }
}
