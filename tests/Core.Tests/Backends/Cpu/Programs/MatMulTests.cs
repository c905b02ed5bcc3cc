using Implicit.Kernels;
using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class MatMulTests
{
    [Property(MaxTest = 200)]
    public void Any_batch_and_strides_give_the_sums(int seed)
    {
        var random = new System.Random(seed);
        DType dtype = new[] { DType.Float64, DType.Float32, DType.Int64 }[random.Next(3)];
        Shape[] batches =
        [
            [],
            [1],
            [3],
            [2, 3],
            [0],
        ];
        Shape batch = batches[random.Next(batches.Length)];
        int[] sizes = [0, 1, 2, 5, 17];
        (int m, int k, int n) = (sizes[random.Next(5)], sizes[random.Next(5)], sizes[random.Next(5)]);
        var builder = new ProgramBuilder();
        (Operand a, double[] x) = Random(random, builder, dtype, batch, m, k);
        (Operand b, double[] y) = Random(random, builder, dtype, batch, k, n);
        Shape result = batch.Concat([m, n]);
        (IndexMap map, int length) = Layout.Of(new[] { 0, 2, 4, 6 }[random.Next(4)], result);
        int output = builder.Output(dtype, length);
        builder.Then(new MatMul(batch, m, k, n, a, b, new Operand(output, map)));
        double[] actual = builder.Run();
        foreach (int[] p in Layout.Points(result))
        {
            double sum = 0;
            int[] item = p[..^2];
            for (int l = 0; l < k; l++)
                sum += x[Layout.Element(a.Map, [.. item, p[^2], l])] * y[Layout.Element(b.Map, [.. item, l, p[^1]])];
            Assert.Equal(sum, actual[Layout.Element(map, p)]);
        }
    }

    /// <summary>Results so large that they go past the caches, at any place within a line.</summary>
    [Theory]
    [InlineData(260, 33, 2, 37)]
    [InlineData(3, 300, 1, 401)]
    [InlineData(1, 1100, 4, 250)]
    public void Outer_products_that_fill_memory_give_the_sums(int items, int m, int k, int n)
    {
        Shape batch = [items];
        var random = new System.Random(1);
        var builder = new ProgramBuilder();
        (Operand a, double[] x) = Random(random, builder, DType.Float64, batch, m, k);
        (Operand b, double[] y) = Random(random, builder, DType.Float64, batch, k, n);
        Shape result = batch.Concat([m, n]);
        int output = builder.Output(DType.Float64, result.Length);
        var map = IndexMap.Contiguous(result);
        builder.Then(new MatMul(batch, m, k, n, a, b, new Operand(output, map)));
        double[] actual = builder.Run();
        for (int element = 0; element < actual.Length; element++)
        {
            (int item, int row, int column) = (element / (m * n), element / n % m, element % n);
            double sum = 0;
            for (int l = 0; l < k; l++)
                sum += x[Layout.Element(a.Map, [item, row, l])] * y[Layout.Element(b.Map, [item, l, column])];
            Assert.Equal(sum, actual[element]);
        }
    }

    /// <summary>Small whole numbers: every order of summation is exact.</summary>
    internal static (Operand, double[]) Random(
        System.Random random,
        ProgramBuilder builder,
        DType dtype,
        Shape batch,
        int rows,
        int columns
    )
    {
        (IndexMap map, int length) = Layout.Of(random.Next(Layout.Kinds), batch.Concat([rows, columns]));
        if (random.Next(3) == 0)
            map = map with { Strides = [.. new int[batch.Rank], .. map.Strides.ToArray()[batch.Rank..]] };
        double[] values = [.. Enumerable.Range(0, length).Select(_ => (double)random.Next(-4, 5))];
        // Reversed maps begin at the last element.
        (int first, _) = map.Reach(batch.Concat([rows, columns]));
        return (
            new Operand(builder.Input(dtype, values), first < 0 ? map with { Offset = map.Offset - first } : map),
            values
        );
    }
}
