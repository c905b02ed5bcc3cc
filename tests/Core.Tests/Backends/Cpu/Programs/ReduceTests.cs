using Implicit.Kernels;
using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Backends.Cpu.Programs;

public sealed class ReduceTests
{
    private const int Inputs = 4;

    [Property(MaxTest = 300)]
    public void Random_bodies_and_layouts_agree_with_the_evaluator(int seed)
    {
        var random = new System.Random(seed);
        DType floating = random.Next(2) == 0 ? DType.Float64 : DType.Float32;
        Shape domain = MapTests.RandomShape(random);
        int kept = random.Next(domain.Rank + 1);
        var bodies = new Bodies(random, floating, Inputs, domain.Rank);
        var reduction = (Reduction)random.Next(6);
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
