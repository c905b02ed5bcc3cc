using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Emission;
using Implicit.Transforms;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Schedule;

/// <summary>A large factor that stays the same is laid out once for all calls of a loop, and the products keep their bits.</summary>
public sealed class FixedFactorTests
{
    private const int Terms = 300;
    private const int Columns = 512;

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, false)]
    [InlineData(DType.Float64, true)]
    public void Products_keep_their_bits_from_call_to_call(DType dtype, bool isTransposed)
    {
        Function function = Layer(20, Columns, dtype, isTransposed);
        (Program layout, Program run) = Split(function)!.Value;
        Assert.Single(layout.Kernels);
        Assert.Equal(Columns * dtype.Size / 256, Assert.Single(run.Kernels.OfType<MatMul>()).Batch[0]);
        AssertSameBits(function);
    }

    /// <summary>Calls of a loop give what the plan itself gives.</summary>
    private static void AssertSameBits(Function function)
    {
        var plain = CompiledFunction.For(function);
        Buffer[] arguments = [.. function.ArgumentTypes.Select((type, i) => Numbers(type, i))];
        LoopFunction.Calls calls = LoopFunction.For(function, IsFixed(function)).Begin(arguments);
        for (int call = 0; call < 3; call++)
        {
            arguments[0] = Numbers(function.ArgumentTypes[0], 10 + call);
            (Buffer[] expected, Buffer[] found) = (plain.AllocateResults(), plain.AllocateResults());
            plain.Run(arguments, expected);
            calls.Run(arguments, found);
            Assert.Equal(Elements(expected[0]), Elements(found[0]), SameBits.Instance);
        }
    }

    /// <summary>One row for each item of a batch is one product with as many rows.</summary>
    [Fact]
    public void Items_of_a_batch_share_the_factor()
    {
        Function item = Layer(1, Columns, DType.Float32, isTransposed: false);
        MatMul product = Assert.Single(Split(item.Vmap([true, false, false], 30))!.Value.Run.Kernels.OfType<MatMul>());
        Assert.Equal((8, 30), (product.Batch.Length, product.M));
    }

    [Fact]
    public void Two_products_with_one_factor_share_its_panels()
    {
        Function both = Traced(Columns, DType.Float32, (x, w) => Tensor.MatMul(Tensor.Exp(Tensor.MatMul(x, w)), w));
        (Program layout, Program run) = Split(both)!.Value;
        Assert.Single(layout.Kernels);
        Assert.All(run.Kernels.OfType<MatMul>(), product => Assert.Equal([8], product.Batch));
    }

    /// <summary>Each form of a factor has panels of its own; the factor is one input of what lays them out.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_factor_may_be_laid_out_in_several_forms(bool isTransposedFirst)
    {
        AssertForms(
            (x, w) =>
                isTransposedFirst
                    ? Tensor.MatMul(Tensor.Tanh(Tensor.MatMul(x, w.T)), w)
                    : Tensor.MatMul(Tensor.Tanh(Tensor.MatMul(x, w)), w.T)
        );
        AssertForms((x, w) => Tensor.MatMul(x, w[.., ..256]) * Tensor.Tanh(Tensor.MatMul(x, w[.., 256..])));
    }

    private static void AssertForms(Func<Tensor, Tensor, Tensor> f)
    {
        Function function = Traced(Columns, DType.Float64, f);
        Assert.Equal(2, Split(function)!.Value.Layout.Kernels.Count);
        AssertSameBits(function);
    }

    [Fact]
    public void What_is_read_in_place_or_changes_is_not_laid_out()
    {
        Assert.Null(Split(Layer(15, Columns, DType.Float32, false)));
        Assert.Null(Split(Layer(20, Columns - 1, DType.Float32, false)));
        Assert.Null(Split(Layer(20, 128, DType.Float32, false)));
        Function function = Layer(20, Columns, DType.Float32, false);
        Assert.Null(FixedFactors.Split(Program(function), [false, false, true]));
    }

    private static Function Layer(int rows, int columns, DType dtype, bool isTransposed) =>
        Function.TraceClosed(
            "test",
            [
                new TensorType(dtype, [rows, Terms]),
                new TensorType(dtype, isTransposed ? [columns, Terms] : [Terms, columns]),
                new TensorType(dtype, [columns]),
            ],
            all => [Tensor.Tanh(Tensor.MatMul(all[0], isTransposed ? all[1].T : all[1]) + all[2])]
        );

    private static Function Traced(int size, DType dtype, Func<Tensor, Tensor, Tensor> f) =>
        Function.TraceClosed(
            "test",
            [new TensorType(dtype, [20, size]), new TensorType(dtype, [size, size])],
            all => [f(all[0], all[1])]
        );

    private static (Program Layout, Program Run)? Split(Function function) =>
        FixedFactors.Split(Program(function), IsFixed(function));

    /// <summary>All but the first argument stay the same.</summary>
    private static bool[] IsFixed(Function function) => [.. function.ArgumentTypes.Select((_, i) => i > 0)];

    private static Program Program(Function function) => Plan.For(function.Structure).Program;

    private static Buffer Numbers(TensorType type, int seed)
    {
        double[] numbers = [.. Enumerable.Range(0, type.Shape.Length).Select(i => Math.Sin((7 * i) + (3 * seed) + 1))];
        return Reading.Force(Tensor.Of(numbers, type.Shape, type.DType));
    }

    private static double[] Elements(Buffer buffer) => Implicit.Solvers.Elements.ToDoubles(buffer);
}
