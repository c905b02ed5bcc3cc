using System.Diagnostics;
using Implicit.Backends.Cpu;
using Implicit.Kernels;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Emission;

public sealed class EmissionTests
{
    private static readonly Scalar X = new Scalar.Input(0, DType.Float64);

    [Fact]
    public void A_program_that_runs_often_is_emitted_in_the_background()
    {
        ProgramBuilder builder = SquarePlusSelf(length: 8, domain: 8);
        var executable = (CpuExecutable)builder.Prepare();
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(executable, results);
        Assert.False(executable.IsEmitted);
        double[] first = TestElements.Of(results[0]!);
        var clock = Stopwatch.StartNew();
        while (!executable.IsEmitted && clock.Elapsed.TotalSeconds < 60)
            builder.Run(executable, results);
        Assert.True(executable.IsEmitted);
        builder.Run(executable, results);
        Assert.Equal(first, TestElements.Of(results[0]!));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(2000)]
    public void Emitted_runs_allocate_nothing(int length)
    {
        ProgramBuilder builder = SquarePlusSelf(length, length);
        var executable = (CpuExecutable)builder.Prepare();
        executable.Emit(Hotness.Width);
        Buffer[] inputs = [TestElements.Buffer(builder.Backend, DType.Float64, new double[length])];
        Buffer?[] outputs = builder.AllocateOutputs();
        executable.Run(inputs, [], outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            executable.Run(inputs, [], outputs);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Code_without_loops_that_would_leave_a_slot_is_not_emitted()
    {
        var executable = (CpuExecutable)SquarePlusSelf(length: 3, domain: 4).Prepare();
        Assert.Throws<InvalidOperationException>(() => executable.Emit(Hotness.Width));
    }

    [Fact]
    public void The_checked_mode_stops_a_loop_that_would_leave_a_slot()
    {
        bool before = AccessCheck.IsEnabled;
        try
        {
            AccessCheck.IsEnabled = true;
            ProgramBuilder builder = SquarePlusSelf(length: 199, domain: 200);
            var executable = (CpuExecutable)builder.Prepare();
            executable.Emit(Hotness.Width);
            Assert.Throws<InvalidOperationException>(() => builder.Run(executable, builder.AllocateOutputs()));
        }
        finally
        {
            AccessCheck.IsEnabled = before;
        }
    }

    [Theory]
    [InlineData(0, 8, true)]
    [InlineData(56, 8, true)]
    [InlineData(57, 8, false)]
    [InlineData(-1, 8, false)]
    public unsafe void An_access_is_inside_its_operand_or_throws(int offset, int bytes, bool isInside)
    {
        byte* start = (byte*)4096;
        if (isInside)
            Assert.True(AccessCheck.Within(start + offset, bytes, start, 64) == start + offset);
        else
            Assert.Throws<InvalidOperationException>(() => (nint)AccessCheck.Within(start + offset, bytes, start, 64));
    }

    /// <summary>y = x² + x, of an input that may be too short for the domain.</summary>
    private static ProgramBuilder SquarePlusSelf(int length, int domain)
    {
        var builder = new ProgramBuilder();
        IndexMap whole = IndexMap.Contiguous([domain]);
        int x = builder.Input(DType.Float64, [.. Enumerable.Range(0, length).Select(i => i * 0.25)]);
        int y = builder.Output(DType.Float64, domain);
        return builder.Then(new Map([domain], (X * X) + X, [new Operand(x, whole)], new Operand(y, whole)));
    }
}
