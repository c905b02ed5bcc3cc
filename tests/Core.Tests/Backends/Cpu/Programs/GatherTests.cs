using Implicit.Kernels;
using Implicit.Testing;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Backends.Cpu.Programs;

/// <summary>Gather, ScatterAdd and Accumulate against their definitions.</summary>
public sealed class GatherTests
{
    private static readonly DType[] Types = [DType.Float64, DType.Float32, DType.Int64, DType.Bool];

    [Property(MaxTest = 200)]
    public void A_gather_reads_where_the_index_says(int seed)
    {
        var random = new System.Random(seed);
        DType dtype = Types[random.Next(4)];
        Shape domain = MapTests.RandomShape(random);
        (IndexMap data, int dataLength) = Layout.Of(random.Next(Layout.Kinds), domain);
        (IndexMap at, int atLength) = Layout.Of(random.Next(Layout.Kinds), domain);
        (IndexMap to, int toLength) = Layout.Of(new[] { 0, 2, 6 }[random.Next(3)], domain);
        const int Extent = 5;
        int stride = random.Next(1, 4);
        double[] values =
        [
            .. Enumerable
                .Range(0, dataLength + (Extent * stride))
                .Select(i => (double)(dtype == DType.Bool ? i % 3 % 2 : i)),
        ];
        double[] indices = [.. Enumerable.Range(0, atLength).Select(_ => (double)random.Next(Extent))];
        var builder = new ProgramBuilder();
        Operand from = new(builder.Input(dtype, values), data);
        Operand index = new(builder.Input(DType.Int64, indices), at);
        builder.Then(new Gather(domain, from, index, stride, Extent, new Operand(builder.Output(dtype, toLength), to)));
        double[] actual = builder.Run();
        foreach (int[] p in Layout.Points(domain))
        {
            int element = Layout.Element(data, p) + ((int)indices[Layout.Element(at, p)] * stride);
            Assert.Equal(values[element], actual[Layout.Element(to, p)]);
        }
    }

    [Property(MaxTest = 200)]
    public void A_scatter_adds_where_the_index_says(int seed)
    {
        var random = new System.Random(seed);
        DType dtype = Types[random.Next(3)];
        Shape domain = MapTests.RandomShape(random);
        (IndexMap from, int fromLength) = Layout.Of(random.Next(Layout.Kinds), domain);
        (IndexMap at, int atLength) = Layout.Of(random.Next(Layout.Kinds), domain);
        (IndexMap to, int toLength) = Layout.Of(random.Next(Layout.Kinds), domain);
        const int Extent = 4;
        int length = toLength + Extent;
        double[] values = [.. Enumerable.Range(0, fromLength).Select(_ => (double)random.Next(-9, 10))];
        double[] indices = [.. Enumerable.Range(0, atLength).Select(_ => (double)random.Next(Extent))];
        var builder = new ProgramBuilder();
        Operand read = new(builder.Input(dtype, values), from);
        Operand index = new(builder.Input(DType.Int64, indices), at);
        Operand write = new(builder.Output(dtype, length), to);
        builder.Then(new ScatterAdd(domain, read, index, 1, Extent, write, length));
        double[] expected = new double[length];
        foreach (int[] p in Layout.Points(domain))
            expected[Layout.Element(to, p) + (int)indices[Layout.Element(at, p)]] += values[Layout.Element(from, p)];
        Assert.Equal(expected, builder.Run());
    }

    /// <summary>The gradient of a look-up in a table of 2 GiB.</summary>
    [Fact]
    public void A_scatter_clears_more_bytes_than_an_int_counts()
    {
        const int Length = 1 << 28;
        var builder = new ProgramBuilder();
        Operand read = new(builder.Input(DType.Float64, 3.0), IndexMap.Contiguous([1]));
        Operand index = new(builder.Input(DType.Int64, Length - 1), IndexMap.Contiguous([1]));
        Operand write = new(builder.Output(DType.Float64, Length), new IndexMap(0, [0]));
        builder.Then(new ScatterAdd([1], read, index, 1, Length, write, Length));
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(builder.Prepare(), results);
        ReadOnlySpan<double> sums = results[0]!.Read<double>();
        Assert.Equal((0.0, 0.0, 3.0), (sums[0], sums[^2], sums[^1]));
        results[0]!.Release();
    }

    [Theory]
    [InlineData(-1, "[gather] an index must be in [0, 3). Received -1.")]
    [InlineData(3, "[gather] an index must be in [0, 3). Received 3.")]
    public void An_index_outside_is_an_error(int index, string message)
    {
        var builder = new ProgramBuilder();
        var one = new IndexMap(0, [0]);
        Operand from = new(builder.Input(DType.Float64, 1, 2, 3), one);
        Operand at = new(builder.Input(DType.Int64, index), one);
        builder.Then(new Gather([1], from, at, 1, 3, new Operand(builder.Output(DType.Float64, 1), one)));
        Assert.Equal(message, Assert.Throws<TensorException>(() => builder.Run()).Message);
    }

    [Fact]
    public void An_index_outside_is_an_error_of_a_scatter_too()
    {
        var builder = new ProgramBuilder();
        var one = new IndexMap(0, [0]);
        Operand from = new(builder.Input(DType.Float64, 1), one);
        Operand at = new(builder.Input(DType.Int64, 7), one);
        builder.Then(new ScatterAdd([1], from, at, 1, 2, new Operand(builder.Output(DType.Float64, 2), one), 2));
        Assert.Contains(
            "in [0, 2). Received 7.",
            Assert.Throws<TensorException>(() => builder.Run()).Message,
            StringComparison.Ordinal
        );
    }

    [Property(MaxTest = 100)]
    public void Running_sums_go_along_the_last_axis(int seed)
    {
        var random = new System.Random(seed);
        DType dtype = Types[random.Next(3)];
        Shape domain = MapTests.RandomShape(random);
        (IndexMap from, int fromLength) = Layout.Of(random.Next(Layout.Kinds), domain);
        (IndexMap to, int toLength) = Layout.Of(new[] { 0, 2, 6 }[random.Next(3)], domain);
        double[] values = [.. Enumerable.Range(0, fromLength).Select(_ => (double)random.Next(-9, 10))];
        var builder = new ProgramBuilder();
        Operand read = new(builder.Input(dtype, values), from);
        builder.Then(new Accumulate(domain, read, new Operand(builder.Output(dtype, toLength), to)));
        double[] actual = builder.Run();
        double sum = 0;
        foreach (int[] p in Layout.Points(domain))
        {
            sum = (p.Length == 0 || p[^1] == 0 ? 0 : sum) + values[Layout.Element(from, p)];
            Assert.Equal(sum, actual[Layout.Element(to, p)]);
        }
    }
}
