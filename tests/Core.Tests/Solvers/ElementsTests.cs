using System.Runtime.CompilerServices;
using Implicit.Runtime;
using Implicit.Solvers;
using Implicit.Tests.Engine;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Solvers;

/// <summary>What drivers read of elements is what was there, also where nobody refers to the buffer after that.</summary>
[Collection(nameof(Alone))]
public sealed class ElementsTests
{
    private const int Length = 1 << 20;

    /// <summary>Another thread takes memory that nobody refers to, and writes there.</summary>
    [Fact]
    public void Memory_is_kept_while_it_is_read()
    {
        using var done = new CancellationTokenSource();
        var other = new Thread(() => TakeOver(done.Token));
        other.Start();
        try
        {
            Read();
        }
        finally
        {
            done.Cancel();
            other.Join();
        }
    }

    /// <summary>Code that is not optimised keeps what it has read: of the library's, that of the first calls.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Read()
    {
        for (int round = 0; round < 120; round++)
        {
            Assert.Equal(-1, Array.FindIndex(Elements.ToDoubles(Ones()), x => x != 1.0));
            Assert.Equal(-1, Elements.FirstNotFinite(Ones()));
        }
    }

    private static void TakeOver(CancellationToken done)
    {
        double[] lost = new double[Length];
        Array.Fill(lost, double.NaN);
        while (!done.IsCancellationRequested)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            for (int i = 0; i < 4; i++)
                Elements.Write(Device.Cpu.Backend.Allocate(DType.Float64, Length), lost);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Buffer Ones()
    {
        Buffer ones = Device.Cpu.Backend.Allocate(DType.Float64, Length);
        double[] values = new double[Length];
        Array.Fill(values, 1.0);
        Elements.Write(ones, values);
        return ones;
    }
}
