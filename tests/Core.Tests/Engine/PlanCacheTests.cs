using System.Runtime.CompilerServices;
using Implicit.Backends.Cpu;
using Implicit.Graph;
using Implicit.Runtime;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>A program that asks for ever new plans keeps those that it uses, and neither the others nor their machine code.</summary>
public sealed class PlanCacheTests
{
    private const int MostPlans = 100_000 / 50;

    [Fact]
    public void Ever_new_shapes_keep_the_cache_bounded_and_what_is_used_in_it()
    {
        var device = new Device(Device.Cpu.Backend);
        Structure used = Of(1).Structure;
        PreparedPlan kept = device.Plans[used];
        WeakReference dropped = Emitted(device, length: 2);
        for (int length = 3; length < MostPlans + 1000; length++)
        {
            _ = device.Plans[Of(length).Structure];
            Assert.Same(kept, device.Plans[used]);
        }
        Assert.InRange(device.Plans.Count, MostPlans / 4, MostPlans);
        Garbage.Collect();
        Assert.False(dropped.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Emitted(Device device, int length)
    {
        var executable = (CpuExecutable)device.Plans[Of(length).Structure].Executable;
        executable.Emit(Hotness.Width);
        Assert.True(executable.IsEmitted);
        return new WeakReference(executable);
    }

    private static Function Of(int length) =>
        Function.TraceClosed("test", [new TensorType(DType.Float64, [length])], x => [Tensor.Exp(x[0])]);
}
