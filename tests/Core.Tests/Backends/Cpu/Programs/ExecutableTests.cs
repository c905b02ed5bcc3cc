using Implicit.Backends;
using Implicit.Kernels;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class ExecutableTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(5000)]
    [InlineData(300_000)]
    public void Runs_of_several_threads_do_not_meet(int length)
    {
        (ProgramBuilder builder, IExecutable executable) = Chain(length);
        double[] expected = Result(builder, executable);
        Parallel.For(0, 64, _ => Assert.Equal(expected, Result(builder, executable)));
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        (ProgramBuilder builder, IExecutable executable) = Chain(16);
        Buffer[] inputs =
        [
            TestElements.Buffer(builder.Backend, DType.Float64, [.. Enumerable.Range(0, 16).Select(i => (double)i)]),
        ];
        Buffer?[] outputs = builder.AllocateOutputs();
        double[] literals = [2.0];
        executable.Run(inputs, literals, outputs);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            executable.Run(inputs, literals, outputs);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200);
    }

    /// <summary>Its memory serves the next.</summary>
    [Fact]
    public void A_run_that_cannot_begin_costs_the_next_nothing()
    {
        (ProgramBuilder builder, IExecutable executable) = Chain(16);
        Buffer?[] outputs = builder.AllocateOutputs();
        builder.Run(executable, outputs);
        Assert.ThrowsAny<Exception>(() => executable.Run([], [], outputs));
        long before = GC.GetAllocatedBytesForCurrentThread();
        builder.Run(executable, outputs);
        long first = GC.GetAllocatedBytesForCurrentThread();
        builder.Run(executable, outputs);
        Assert.Equal(GC.GetAllocatedBytesForCurrentThread() - first, first - before);
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Bool)]
    public void Literals_take_the_type_of_their_slot(DType dtype)
    {
        var builder = new ProgramBuilder();
        Operand literal = new(builder.Literal(dtype, 1), new IndexMap(0, [0]));
        Operand output = new(builder.Output(dtype, 40), IndexMap.Contiguous([40]));
        builder.Then(new Map([40], new Scalar.Input(0, dtype), [literal], output));
        Assert.Equal(Enumerable.Repeat(1.0, 40), builder.Run());
    }

    /// <summary>Three maps through temporaries.</summary>
    private static (ProgramBuilder, IExecutable) Chain(int length)
    {
        var builder = new ProgramBuilder();
        IndexMap whole = IndexMap.Contiguous([length]);
        int x = builder.Input(DType.Float64, [.. Enumerable.Range(0, length).Select(i => i * 0.01)]);
        Operand two = new(builder.Literal(DType.Float64, 2), new IndexMap(0, [0]));
        int s = builder.Temporary(DType.Float64, length);
        int t = builder.Temporary(DType.Float64, length);
        int y = builder.Output(DType.Float64, length);
        Scalar a = new Scalar.Input(0, DType.Float64);
        Scalar b = new Scalar.Input(1, DType.Float64);
        builder.Then(new Map([length], a.Apply(UnaryIntrinsic.Sin) * b, [new(x, whole), two], new(s, whole)));
        builder.Then(new Map([length], a + b, [new(s, whole), new(x, whole)], new(t, whole)));
        builder.Then(new Map([length], a * b, [new(t, whole), new(s, whole)], new(y, whole)));
        return (builder, builder.Prepare());
    }

    private static double[] Result(ProgramBuilder builder, IExecutable executable)
    {
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(executable, results);
        return TestElements.Of(results[0]!);
    }
}
