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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void HoldOne(long before)
    {
        Tensor value = Tensor.Ones([Length]) + Tensor.Scalar(1.0);
        Assert.Equal(2.0, value.ToArray()[^1]);
        Assert.InRange(TensorMemory.Used - before, Bytes, 3 * Bytes);
        GC.KeepAlive(value);
    }
}
