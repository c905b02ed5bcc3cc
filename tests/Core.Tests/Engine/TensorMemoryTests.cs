using System.Runtime.CompilerServices;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>What a user sees of native memory.</summary>
[Collection(nameof(Alone))]
public sealed class TensorMemoryTests
{
    private const int Length = 1 << 20;
    private const long Bytes = Length * sizeof(double);

    [Fact]
    public void A_value_is_seen_while_it_is_there_and_no_longer()
    {
        Garbage.Collect();
        long before = TensorMemory.Used;
        HoldOne(before);
        Garbage.Collect();
        Assert.InRange(TensorMemory.Used - before, -Bytes / 2, Bytes / 2);
    }

    [Fact]
    public void Numbers_that_are_kept_keep_no_vectors_with_them()
    {
        const int Steps = 5_000;
        Tensor[] losses = new Tensor[Steps];
        Tensor x = Tensor.Ones([64]);
        Garbage.Collect();
        long before = TensorMemory.Used;
        for (int i = 0; i < Steps; i++)
        {
            (losses[i], Tensor gradient) = Functions.ValueAndGrad(z => Functions.Sum(z * z), x);
            x -= 0.01 * gradient;
        }
        Assert.InRange((double)losses[^1], 0.0, 1e-9);
        Garbage.Collect();
        // What else there was may have become less meanwhile.
        Assert.InRange(TensorMemory.Used - before, long.MinValue, Steps * 128);
        GC.KeepAlive(losses);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void HoldOne(long before)
    {
        Tensor value = Tensor.Ones([Length]) + Tensor.Scalar(1.0);
        Assert.Equal(2.0, value.ToArray()[^1]);
        // What else was there may have become less meanwhile.
        Assert.InRange(TensorMemory.Used - before, Bytes / 2, 3 * Bytes);
        GC.KeepAlive(value);
    }
}
