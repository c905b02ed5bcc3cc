using Implicit.Backends.Cpu;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>Loops of a hundred thousand steps hold memory flat, whether they read values or not.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int Steps = 100_000;
    private const long Slack = 4 << 20;

    [Fact]
    public void A_loop_that_never_reads_a_value_does_not_grow()
    {
        Tensor x = Tensor.Of(1, 2);
        AssertFlat(() => x = (0.999 * x) + 0.001);
        Assert.Equal([1.0, 1.0], x.ToArray(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void A_training_loop_that_never_reads_a_value_does_not_grow()
    {
        Tensor x = Tensor.Of(1, 2);
        AssertFlat(() => x -= 0.01 * Differentiation.Grad(y => Tensor.Sum(y * y), x));
        Assert.Equal([0.0, 0.0], x.ToArray(), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void A_training_loop_that_reads_its_loss_does_not_grow()
    {
        Tensor x = Tensor.Of(1, 2);
        double last = double.PositiveInfinity;
        AssertFlat(() =>
        {
            (Tensor loss, Tensor gradient) = Differentiation.ValueAndGrad(y => Tensor.Sum(y * y), x);
            x -= 0.01 * gradient;
            last = loss.ToDouble();
        });
        Assert.Equal(0.0, last, 1e-9);
    }

    [Fact]
    public void Dropped_values_give_their_memory_back()
    {
        Tensor x = Tensor.Ones([100_000]);
        for (int i = 0; i < 3000; i++)
        {
            x = (0.5 * x) + 0.5;
            x.ToArray<byte>();
        }
        Assert.InRange(Pool.Shared.Outstanding + Pool.Shared.Kept, 0, 512 << 20);
    }

    private static void AssertFlat(Action step)
    {
        for (int i = 0; i < Steps / 10; i++)
            step();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = Steps / 10; i < Steps; i++)
            step();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, Slack);
    }
}

/// <summary>Tests that measure the process run while no other test does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
