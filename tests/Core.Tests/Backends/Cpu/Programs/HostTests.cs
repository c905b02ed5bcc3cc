using Implicit.Kernels;
using Implicit.Schedule;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class HostTests
{
    private static readonly IndexMap Whole = IndexMap.Contiguous([3]);

    [Fact]
    public void Values_go_in_and_out_and_opaque_ones_from_function_to_function()
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 1, 2, 3);
        int t = builder.Temporary(DType.Float64, 3);
        int u = builder.Temporary(DType.Float64, 3);
        int record = builder.Temporary(DType.Opaque, 0);
        int y = builder.Output(DType.Float64, 3);
        Scalar element = new Scalar.Input(0, DType.Float64);
        builder.Then(new Map([3], element * element, [new(x, Whole)], new(t, Whole)));
        builder.Then(new Host(new Remember(), [new(t, Whole)], [new(u, Whole), new(record, default)]));
        builder.Then(new Host(new Recall(), [new(u, Whole), new(record, default)], [new(y, Whole)]));
        Assert.Equal([1 + 1 - 1, 4 + 1 - 4, 9 + 1 - 9], builder.Run());
    }

    [Fact]
    public void An_opaque_output_is_filled_in()
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 5, 6, 7);
        int y = builder.Output(DType.Float64, 3);
        int record = builder.Output(DType.Opaque, 0);
        builder.Then(new Host(new Remember(), [new(x, Whole)], [new(y, Whole), new(record, default)]));
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(builder.Prepare(), results);
        Assert.Equal([6.0, 7.0, 8.0], TestElements.Of(results[0]!));
        Assert.Equal([5.0, 6.0, 7.0], TestElements.Of((Buffer)((ObjectBuffer)results[1]!).Value));
    }

    /// <summary>Nobody can read an opaque value that lived in a run only; one that is handed out is the caller's.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_opaque_temporary_is_disposed_with_its_run(bool isOutput)
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 1, 2, 3);
        int record = isOutput ? builder.Output(DType.Opaque, 0) : builder.Temporary(DType.Opaque, 0);
        var owner = new Owner();
        builder.Then(new Host(new Leave(owner), [new(x, Whole)], [new(record, default)]));
        builder.Run(builder.Prepare(), builder.AllocateOutputs());
        Assert.Equal(isOutput ? 0 : 1, owner.Disposed);
    }

    [Fact]
    public void A_function_may_keep_a_temporary_that_it_was_given()
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 1, 2, 3);
        int t = builder.Temporary(DType.Float64, 3);
        int y = builder.Output(DType.Float64, 3);
        int record = builder.Output(DType.Opaque, 0);
        Scalar element = new Scalar.Input(0, DType.Float64);
        Operand[] to = [new(y, Whole), new(record, default)];
        builder.Then(new Map([3], element + element, [new(x, Whole)], new(t, Whole)));
        builder.Then(new Host(new Remember(), [new(t, Whole)], [.. to]));
        builder.Then(new Map([3], element.Number(0), [], new(t, Whole)));
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(builder.Prepare(), results);
        Assert.Equal([2.0, 4.0, 6.0], TestElements.Of((Buffer)((ObjectBuffer)results[1]!).Value));
    }

    /// <summary>What would otherwise be overwritten by the map that reads it last.</summary>
    [Fact]
    public void What_a_function_keeps_is_not_written_over()
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 1, 2, 3);
        int t = builder.Unplaced(DType.Float64, 3);
        int u = builder.Unplaced(DType.Float64, 3);
        int y = builder.Output(DType.Float64, 3);
        int record = builder.Output(DType.Opaque, 0);
        Scalar element = new Scalar.Input(0, DType.Float64);
        builder.Then(new Map([3], element + element, [new(x, Whole)], new(t, Whole)));
        builder.Then(new Host(new Remember(), [new(t, Whole)], [new(u, Whole), new(record, default)]));
        builder.Then(new Map([3], element * element, [new(t, Whole)], new(y, Whole)));
        Program program = PlanMemory.Run(Overwrite.Run(builder.Build()));
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(builder.Backend.Prepare(program), results);
        Assert.Equal([4.0, 16.0, 36.0], TestElements.Of(results[0]!));
        Assert.Equal([2.0, 4.0, 6.0], TestElements.Of((Buffer)((ObjectBuffer)results[1]!).Value));
    }

    [Fact]
    public void A_function_that_keeps_nothing_reads_a_temporary_where_it_lies()
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 1, 2, 3);
        int t = builder.Temporary(DType.Float64, 3);
        int y = builder.Output(DType.Float64, 3);
        var looks = new Looks();
        Scalar element = new Scalar.Input(0, DType.Float64);
        builder.Then(new Map([3], element + element, [new(x, Whole)], new(t, Whole)));
        builder.Then(new Host(looks, [new(t, Whole)], [new(t, Whole)]));
        builder.Then(new Map([3], element, [new(t, Whole)], new(y, Whole)));
        Assert.Equal([2.0, 4.0, 6.0], builder.Run());
        Assert.True(looks.IsLent);
    }

    [Fact]
    public void What_a_function_throws_arrives_and_the_program_runs_again()
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 1, 2, 3);
        int y = builder.Output(DType.Float64, 3);
        builder.Then(new Host(new FailsOnce(), [new(x, Whole)], [new(y, Whole)]));
        var executable = builder.Prepare();
        Buffer?[] results = builder.AllocateOutputs();
        Assert.Throws<TensorException>(() => builder.Run(executable, results));
        builder.Run(executable, results);
        Assert.Equal([1.0, 2.0, 3.0], TestElements.Of(results[0]!));
    }

    /// <summary>y = x + 1; the record is x itself.</summary>
    private sealed record Remember : IHostFunction
    {
        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            outputs[0]!.Write<double>([.. TestElements.Of(inputs[0]).Select(v => v + 1)]);
            outputs[1] = new ObjectBuffer(inputs[0]);
        }
    }

    /// <summary>y = u − what was remembered.</summary>
    private sealed record Recall : IHostFunction
    {
        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            double[] remembered = TestElements.Of((Buffer)((ObjectBuffer)inputs[1]).Value);
            outputs[0]!.Write<double>([.. TestElements.Of(inputs[0]).Zip(remembered, (u, r) => u - r)]);
        }
    }

    /// <summary>Leaves an object.</summary>
    private sealed record Leave(object Value) : IHostFunction
    {
        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs) => outputs[0] = new ObjectBuffer(Value);
    }

    private sealed class Owner : IDisposable
    {
        public int Disposed { get; private set; }

        public void Dispose() => Disposed++;
    }

    /// <summary>Whether its input and its output are one memory.</summary>
    private sealed record Looks : IHostFunction
    {
        public bool IsLent { get; private set; }

        public bool KeepsInputs => false;

        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs) =>
            IsLent = inputs[0].Read<double>() == outputs[0]!.Read<double>();
    }

    private sealed record FailsOnce : IHostFunction
    {
        private bool failed;

        public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
        {
            outputs[0]!.Write<double>(TestElements.Of(inputs[0]));
            if (!failed)
            {
                failed = true;
                throw new TensorException("[test] once");
            }
        }
    }
}
