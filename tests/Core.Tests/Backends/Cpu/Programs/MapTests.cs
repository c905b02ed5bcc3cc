using FsCheck;
using Implicit.Kernels;
using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class MapTests
{
    private const int Inputs = 8;

    [Property(MaxTest = 600)]
    public void Random_bodies_and_layouts_agree_with_the_evaluator(int seed)
    {
        var random = new System.Random(seed);
        DType floating = random.Next(2) == 0 ? DType.Float64 : DType.Float32;
        Shape domain = RandomShape(random);
        var bodies = new Bodies(random, floating, Inputs, domain.Rank);
        Scalar body = random.Next(4) switch
        {
            0 => bodies.Whole(4),
            1 => bodies.Truth(4),
            _ => bodies.Float(5),
        };
        var builder = new ProgramBuilder();
        var operands = new Sample(random, builder, floating, domain, Inputs);
        int kind = random.Next(3) switch
        {
            0 => 2,
            1 => 6,
            _ => 0,
        };
        (IndexMap map, int length) = Layout.Of(kind, domain);
        int output = builder.Output(body.DType, length);
        builder.Then(new Map(domain, body, operands.Operands, new Operand(output, map)));
        double[] actual = builder.Run();
        foreach (int[] point in Layout.Points(domain))
            Assert.Equal(
                operands.Evaluate(body, point),
                actual[Layout.Element(map, point)],
                floating == DType.Float64 ? 1e-11 : 1e-4
            );
    }

    /// <summary>An operand that the body leaves alone may stand before the one it reads.</summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void What_is_copied_is_what_the_body_reads(DType dtype)
    {
        Shape domain = [17, 40];
        double[] numbers = [.. Enumerable.Range(0, domain.Length).Select(i => (double)i)];
        var builder = new ProgramBuilder();
        var transposed = new IndexMap(0, [1, 17]);
        Operand unread = new(builder.Input(dtype, new double[domain.Length]), transposed);
        Operand read = new(builder.Input(dtype, numbers), transposed);
        Operand output = new(builder.Output(dtype, domain.Length), IndexMap.Contiguous(domain));
        builder.Then(new Map(domain, new Scalar.Input(1, dtype), [unread, read], output));
        Assert.Equal(numbers.Select((_, i) => (double)((i % 40 * 17) + (i / 40))), builder.Run());
    }

    [Property(MaxTest = 300)]
    public void Copies_go_from_any_layout_to_any(int seed)
    {
        var random = new System.Random(seed);
        DType dtype = new[] { DType.Float64, DType.Float32, DType.Int64, DType.Bool }[random.Next(4)];
        Shape[] domains =
        [
            [17, 40],
            [3, 16, 24],
            [2, 1, 9, 5],
            [8, 2],
            [0, 4, 3],
            RandomShape(random),
        ];
        Shape domain = domains[random.Next(domains.Length)];
        (IndexMap from, int given) = Layout.Of(random.Next(Layout.Kinds), domain);
        (IndexMap to, int wanted) = Layout.Of(new[] { 0, 1, 2, 4, 6 }[random.Next(5)], domain);
        double[] values = [.. Enumerable.Range(0, given).Select(i => (double)(dtype == DType.Bool ? i % 2 : i))];
        var builder = new ProgramBuilder();
        var input = new Operand(builder.Input(dtype, values), from);
        var output = new Operand(builder.Output(dtype, wanted), to);
        builder.Then(new Map(domain, new Scalar.Input(0, dtype), [input], output));
        double[] actual = builder.Run();
        foreach (int[] point in Layout.Points(domain))
            Assert.Equal(values[Layout.Element(from, point)], actual[Layout.Element(to, point)]);
    }

    [Fact]
    public void A_fused_chain_runs_on_literals_and_temporaries()
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64, 1, 2, 3);
        int two = builder.Literal(DType.Float64, 2);
        int t = builder.Temporary(DType.Float64, 3);
        int y = builder.Output(DType.Float64, 3);
        Shape domain = [3];
        IndexMap whole = IndexMap.Contiguous(domain);
        Scalar a = new Scalar.Input(0, DType.Float64);
        Scalar b = new Scalar.Input(1, DType.Float64);
        builder.Then(
            new Map(
                domain,
                a * b,
                [new Operand(x, whole), new Operand(two, new IndexMap(0, [0]))],
                new Operand(t, whole)
            )
        );
        builder.Then(new Map(domain, a + b.Number(0.5), [new Operand(t, whole)], new Operand(y, whole)));
        Assert.Equal([2.5, 4.5, 6.5], builder.Run());
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Bool)]
    public void An_empty_domain_is_fine(DType dtype)
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(dtype);
        int y = builder.Output(dtype, 0);
        IndexMap whole = IndexMap.Contiguous([0, 3]);
        builder.Then(new Map([0, 3], new Scalar.Input(0, dtype), [new Operand(x, whole)], new Operand(y, whole)));
        Assert.Empty(builder.Run());
    }

    internal static Shape RandomShape(System.Random random)
    {
        int[][] shapes =
        [
            [],
            [1],
            [5],
            [16],
            [700],
            [3, 4],
            [7, 100],
            [2, 600],
            [4, 1, 5],
            [3, 50, 2],
            [2, 3, 64],
            [2, 3, 4, 5],
            [1100],
            [3, 300],
            [40, 30],
            [2, 2, 270],
            [30, 5, 6],
            [0, 4],
        ];
        return shapes[random.Next(shapes.Length)];
    }
}
