using Implicit.Kernels;
using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class ReduceTests
{
    private const int Inputs = 4;

    [Property(MaxTest = 600)]
    public void Random_bodies_and_layouts_agree_with_the_evaluator(int seed)
    {
        var random = new System.Random(seed);
        DType floating = random.Next(2) == 0 ? DType.Float64 : DType.Float32;
        Shape domain = MapTests.RandomShape(random);
        int kept = random.Next(domain.Rank + 1);
        bool isEmpty = domain.Skip(kept).Length == 0;
        var bodies = new Bodies(random, floating, Inputs, domain.Rank);
        var reduction = (Reduction)random.Next(isEmpty ? 2 : 6);
        // Of computed floats the arg of a near-tie could differ by a last bit.
        Scalar body =
            reduction >= Reduction.ArgMinimum ? bodies.Whole(3)
            : random.Next(3) == 0 && reduction != Reduction.Product ? bodies.Whole(3)
            : bodies.Float(4);
        var builder = new ProgramBuilder();
        var sample = new Sample(random, builder, floating, domain, Inputs);
        Shape rows = domain.Take(kept);
        (IndexMap map, int length) = Layout.Of(random.Next(2) * 6, rows);
        DType result = reduction >= Reduction.ArgMinimum ? DType.Int64 : body.DType;
        int output = builder.Output(result, length);
        builder.Then(new Reduce(domain, kept, reduction, body, sample.Operands, new Operand(output, map)));
        double[] actual = builder.Run();
        double scale = domain.Length * (floating == DType.Float64 ? 1e-12 : 1e-4);
        foreach (int[] row in Layout.Points(rows))
        {
            double[] values = [.. Layout.Points(domain.Skip(kept)).Select(p => sample.Evaluate(body, [.. row, .. p]))];
            Assert.Equal(Of(reduction, values), actual[Layout.Element(map, row)], scale + 1e-12);
        }
    }

    [Theory]
    [InlineData(1000, 3)]
    [InlineData(5, 700)]
    [InlineData(100, 64)]
    [InlineData(40, 512)]
    public void Leading_axes_reduce_side_by_side(int rows, int columns)
    {
        foreach (DType dtype in new[] { DType.Float64, DType.Float32, DType.Int64, DType.Bool })
        {
            double[] x = [.. Enumerable.Range(0, rows * columns).Select(i => (double)((i * 7 % 11 > 2) ? 1 : 0))];
            double[] sums =
            [
                .. Enumerable.Range(0, columns).Select(j => Enumerable.Range(0, rows).Sum(i => x[(i * columns) + j])),
            ];
            double[] largest = [.. sums.Select(s => s > 0 ? 1.0 : 0.0)];
            var transposed = new IndexMap(0, [1, columns]);
            Scalar element = new Scalar.Input(0, dtype);
            Assert.Equal(largest, Reduced(Reduction.Maximum, dtype, x, [columns, rows], transposed, element));
            if (dtype == DType.Bool)
                continue;
            Assert.Equal(sums, Reduced(Reduction.Sum, dtype, x, [columns, rows], transposed, element));
            Scalar threefold = element * element.Number(3);
            double[] triple = [.. sums.Select(s => 3 * s)];
            Assert.Equal(triple, Reduced(Reduction.Sum, dtype, x, [columns, rows], transposed, threefold));
        }
    }

    [Fact]
    public void Coordinates_keep_their_axes_whichever_way_the_domain_is_walked()
    {
        double[] zeros = new double[12];
        Scalar body =
            new Scalar.Input(0, DType.Int64)
            + new Scalar.Index(0) * new Scalar.Constant(10, DType.Int64)
            + new Scalar.Index(1);
        // Σ_j (10 i + j) over j < 4.
        Assert.Equal([6, 46, 86], Reduced(Reduction.Sum, DType.Int64, zeros, [3, 4], new IndexMap(0, [1, 3]), body));
        Assert.Equal([6, 46, 86], Reduced(Reduction.Sum, DType.Int64, zeros, [3, 4], new IndexMap(0, [4, 1]), body));
    }

    [Theory]
    [InlineData(Reduction.Minimum, "[min] ")]
    [InlineData(Reduction.Maximum, "[max] ")]
    [InlineData(Reduction.ArgMinimum, "[argmin] ")]
    [InlineData(Reduction.ArgMaximum, "[argmax] ")]
    public void An_empty_reduction_without_neutral_element_is_an_error(object reduction, string start)
    {
        var failure = Assert.Throws<TensorException>(() => Empty((Reduction)reduction));
        Assert.StartsWith(start, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_sum_is_zero_and_an_empty_product_one()
    {
        Assert.Equal([0.0, 0.0], Empty(Reduction.Sum));
        Assert.Equal([1.0, 1.0], Empty(Reduction.Product));
    }

    [Theory]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float32)]
    public void NaN_wins_every_extreme_and_the_first_of_equals_its_position(DType dtype)
    {
        double[] x = [3, 1, double.NaN, 5, 1, 5];
        double[] ties = [3, 1, 2, 5, 1, 5];
        Assert.True(double.IsNaN(Reduced(Reduction.Minimum, dtype, x)));
        Assert.True(double.IsNaN(Reduced(Reduction.Maximum, dtype, x)));
        Assert.Equal(2, Reduced(Reduction.ArgMinimum, dtype, x));
        Assert.Equal(2, Reduced(Reduction.ArgMaximum, dtype, x));
        Assert.Equal(1, Reduced(Reduction.ArgMinimum, dtype, ties));
        Assert.Equal(3, Reduced(Reduction.ArgMaximum, dtype, ties));
    }

    private static double[] Reduced(
        Reduction reduction,
        DType dtype,
        double[] x,
        int[] domain,
        IndexMap map,
        Scalar body
    )
    {
        var builder = new ProgramBuilder();
        Operand from = new(builder.Input(dtype, x), map);
        Operand to = new(builder.Output(dtype, domain[0]), IndexMap.Contiguous([domain[0]]));
        builder.Then(new Reduce(domain, 1, reduction, body, [from], to));
        return builder.Run();
    }

    private static double Reduced(Reduction reduction, DType dtype, double[] x)
    {
        var builder = new ProgramBuilder();
        int input = builder.Input(dtype, x);
        int output = builder.Output(reduction >= Reduction.ArgMinimum ? DType.Int64 : dtype, 1);
        Operand from = new(input, IndexMap.Contiguous([x.Length]));
        builder.Then(
            new Reduce(
                [x.Length],
                0,
                reduction,
                new Scalar.Input(0, dtype),
                [from],
                new Operand(output, new IndexMap(0, []))
            )
        );
        return builder.Run()[0];
    }

    private static double[] Empty(Reduction reduction)
    {
        var builder = new ProgramBuilder();
        int x = builder.Input(DType.Float64);
        int y = builder.Output(reduction >= Reduction.ArgMinimum ? DType.Int64 : DType.Float64, 2);
        Operand from = new(x, IndexMap.Contiguous([2, 0]));
        Operand to = new(y, IndexMap.Contiguous([2]));
        builder.Then(new Reduce([2, 0], 1, reduction, new Scalar.Input(0, DType.Float64), [from], to));
        return builder.Run();
    }

    private static double Of(Reduction reduction, double[] values) =>
        reduction switch
        {
            Reduction.Sum => values.Sum(),
            Reduction.Product => values.Aggregate(1.0, (a, b) => a * b),
            Reduction.Minimum => values.Min(),
            Reduction.Maximum => values.Max(),
            Reduction.ArgMinimum => Array.IndexOf(values, values.Min()),
            _ => Array.IndexOf(values, values.Max()),
        };
}
