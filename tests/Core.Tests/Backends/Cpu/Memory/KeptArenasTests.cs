using Implicit.Backends.Cpu;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Memory;

/// <summary>Plans are kept, and with them the memory of what they compute on the way; all of that together is bounded.</summary>
public sealed class KeptArenasTests
{
    [Fact]
    public void Ever_new_shapes_do_not_take_ever_more_memory()
    {
        Tensor w = Tensor.Ones([16, 32]) / 16.0;
        double first = Computed(2000, w);
        // Half a megabyte each.
        for (int rows = 2001; rows < 2200; rows++)
            Assert.Equal(first / 2000.0 * rows, Computed(rows, w), first * 1e-12);
        Assert.InRange(KeptArenas.Shared.Bytes, 1, 64L << 20);
        Assert.Equal(first, Computed(2000, w));
    }

    /// <summary>Two products in a row, so that the first is kept on the way.</summary>
    private static double Computed(int rows, Tensor w)
    {
        Tensor hidden = Tensor.Tanh(Tensor.MatMul(Tensor.Ones([rows, 16]), w));
        return Tensor.Sum(Tensor.MatMul(hidden, w.T)).ToArray()[0];
    }
}
