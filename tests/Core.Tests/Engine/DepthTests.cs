using System.Diagnostics;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Engine;

public sealed class DepthTests
{
    private const int Depth = 100_000;

    [Fact]
    public void A_long_chain_evaluates()
    {
        Tensor x = Tensor.Of(1.0);
        for (int i = 0; i < Depth; i++)
            x += 1e-5;
        Assert.Equal(2.0, x.ToDouble(), 1e-9);
    }

    [Fact]
    public void A_long_chain_differentiates()
    {
        var clock = Stopwatch.StartNew();
        (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(Chain(Depth), Tensor.Of(1.0));
        Console.WriteLine($"built {clock.ElapsedMilliseconds}");
        Assert.Equal(Math.Pow(1.00001, Depth), value.ToDouble(), 1e-9);
        Console.WriteLine($"value {clock.ElapsedMilliseconds}");
        Assert.Equal(Math.Pow(1.00001, Depth), gradient.ToDouble(), 1e-9);
        Console.WriteLine($"gradient {clock.ElapsedMilliseconds}");
    }

    private static Func<Tensor, Tensor> Chain(int depth) =>
        x =>
        {
            for (int i = 0; i < depth; i++)
                x *= 1.00001;
            return Tensor.Sum(x);
        };
}
