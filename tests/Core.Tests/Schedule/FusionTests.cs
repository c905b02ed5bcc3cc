using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Schedule;
using Xunit;

namespace Implicit.Tests.Schedule;

/// <summary>What becomes one kernel, and what does not. That fused plans compute what others do is tested on random graphs.</summary>
public sealed class FusionTests
{
    [Fact]
    public void A_chain_with_broadcasts_and_a_trailing_reduction_is_one_kernel() =>
        Assert.Equal(1, Kernels(x => Tensor.Sum(Tensor.Tanh((x[0] * x[1][0]) + 1.0) * x[0], 1), [3, 4], [2]));

    [Fact]
    public void A_dear_result_that_is_read_twice_is_computed_once()
    {
        static Tensor TwoReaders(Tensor[] x)
        {
            Tensor dear = Tensor.Exp(x[0]);
            return Tensor.MatMul(dear * 2.0, dear + 1.0);
        }
        Assert.Equal(4, Kernels(TwoReaders, [3, 3]));
    }

    [Fact]
    public void A_few_operations_on_one_value_are_computed_by_each_reader()
    {
        static Tensor TwoReaders(Tensor[] x)
        {
            Tensor slope = 1.0 - (x[0] * x[0]);
            return Tensor.MatMul(slope * x[1], slope * x[2]);
        }
        Assert.Equal(3, Kernels(TwoReaders, [3, 3], [3, 3], [3, 3]));
    }

    [Fact]
    public void What_a_product_reads_is_not_computed_again()
    {
        static Tensor TwoReaders(Tensor[] x)
        {
            Tensor slope = 1.0 - (x[0] * x[0]);
            return Tensor.MatMul(slope, slope * x[1]);
        }
        Plan plan = Plans.Of(x => [TwoReaders(x)], Passes.All, [3, 3], [3, 3]);
        Assert.Equal([1, 2], plan.Program.Kernels.OfType<Map>().Select(map => map.Inputs.Count(IsMatrix)));

        bool IsMatrix(Operand operand) => plan.Program.Slots[operand.Slot].Length == 9;
    }

    [Fact]
    public void What_is_read_twice_on_the_way_into_one_kernel_is_part_of_it() =>
        Assert.Equal(1, Kernels(x => x[2] + (x[0] * x[1]) + (x[0] * x[1]), [3, 4], [3, 4], [3, 4]));

    [Fact]
    public void A_dear_result_is_not_repeated_along_a_broadcast() =>
        Assert.Equal(2, Kernels(x => x[0] + Tensor.Exp(x[1]), [50, 4], [4]));

    [Fact]
    public void Stacked_results_are_computed_in_their_place() =>
        Assert.Equal(2, Kernels(x => Tensor.Stack([x[0] * 2.0, Tensor.Sin(x[0])], 0), [5]));

    private static int Kernels(Func<Tensor[], Tensor> f, params Shape[] shapes)
    {
        TensorType[] types = Array.ConvertAll(shapes, shape => new TensorType(DType.Float64, shape));
        return Plan.For(Function.TraceClosed("test", types, x => [f(x)]).Structure).Program.Kernels.Count;
    }
}
