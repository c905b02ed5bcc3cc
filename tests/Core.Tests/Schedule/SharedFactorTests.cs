using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Schedule;

/// <summary>A factor that several products read across their way is laid out once, and the products keep their bits.</summary>
public sealed class SharedFactorTests
{
    [Theory]
    [InlineData(2, 50, false, 0)]
    [InlineData(2, 50, true, 1)]
    [InlineData(50, 2, false, 1)]
    [InlineData(50, 2, true, 0)]
    [InlineData(7, 1, false, 0)]
    public void Two_products_share_a_copy_and_keep_their_bits(int k, int n, bool isTransposed, int copies)
    {
        Function both = Traced(k, n, isTransposed, (x, w) => [Tensor.MatMul(x, w), Tensor.MatMul(Tensor.Exp(x), w)]);
        Function one = Traced(k, n, isTransposed, (x, w) => [Tensor.MatMul(x, w)]);
        Function other = Traced(k, n, isTransposed, (x, w) => [Tensor.MatMul(Tensor.Exp(x), w)]);
        Assert.Equal(copies, Copies(both, k * n));
        Assert.Equal(0, Copies(one, k * n));
        Assert.Equal([.. Values(one), .. Values(other)], Values(both));
    }

    [Fact]
    public void A_factor_that_all_items_of_a_batch_see_is_shared_too()
    {
        Function function = Function.TraceClosed(
            "test",
            [new TensorType(DType.Float32, [3, 5, 7]), new TensorType(DType.Float32, [40, 7])],
            all => [Tensor.MatMul(all[0], all[1].T), Tensor.MatMul(Tensor.Exp(all[0]), all[1].T)]
        );
        Assert.Equal(1, Copies(function, 280));
    }

    private static Function Traced(int k, int n, bool isTransposed, Func<Tensor, Tensor, Tensor[]> f) =>
        Function.TraceClosed(
            "test",
            [new TensorType(DType.Float32, [20, k]), new TensorType(DType.Float32, isTransposed ? [n, k] : [k, n])],
            all => f(all[0], isTransposed ? all[1].T : all[1])
        );

    private static int Copies(Function function, int length) =>
        Plan.For(function.Structure)
            .Program.Kernels.OfType<Map>()
            .Count(map => map.Body is Scalar.Input && map.Domain.Length == length);

    private static double[] Values(Function function)
    {
        var compiled = CompiledFunction.For(function);
        Buffer[] arguments =
        [
            .. Tensor
                .Types(function.Arguments)
                .Select((type, i) => Reading.Force(Tensor.Of(Numbers(type.Shape.Length, i), type.Shape, type.DType))),
        ];
        Buffer[] results = compiled.AllocateResults();
        compiled.Run(arguments, results);
        return [.. results.SelectMany(TestElements.Of)];
    }

    private static double[] Numbers(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin((7 * i) + (3 * seed) + 1))];
}
