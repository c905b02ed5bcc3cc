using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Emission;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Schedule;

/// <summary>What alone reads a product, element by element, is the product's epilogue, and changes no bit.</summary>
public sealed class EpilogueTests
{
    [Fact]
    public void Bias_and_activation_are_the_epilogue() =>
        AssertEpilogues(1, 1, x => [Tensor.Tanh(Tensor.MatMul(x[0], x[1].T) + x[2])], [6, 5], [4, 5], [4]);

    [Fact]
    public void A_product_may_be_added_to_another() =>
        AssertEpilogues(2, 1, x => [Tensor.MatMul(x[0], x[1]) + Tensor.MatMul(x[1], x[0])], [5, 5], [5, 5]);

    [Fact]
    public void What_is_read_besides_may_be_computed_after_the_product() =>
        AssertEpilogues(
            3,
            1,
            x => [(Tensor.MatMul(x[0], x[1]) * Tensor.Cumsum(Tensor.Exp(x[0]), 1)) + 1.0],
            [5, 5],
            [5, 5]
        );

    [Fact]
    public void Batches_and_products_that_were_reshaped_have_epilogues() =>
        AssertEpilogues(
            1,
            1,
            x => [Tensor.Relu(Tensor.Reshape(Tensor.MatMul(x[0], x[1]), [3, 8]) - x[2])],
            [3, 2, 5],
            [5, 4],
            [8]
        );

    [Fact]
    public void Parts_of_a_stack_are_filled_by_products() =>
        AssertEpilogues(
            2,
            2,
            x => [Tensor.Stack([Tensor.Sin(Tensor.MatMul(x[0], x[1])), Tensor.MatMul(x[1], x[0]) * 2.0], 0)],
            [5, 5],
            [5, 5]
        );

    [Fact]
    public void A_copy_of_a_product_is_the_product() =>
        AssertEpilogues(1, 0, x => [Tensor.Reshape(Tensor.MatMul(x[0], x[1]), [30])], [6, 5], [5, 5]);

    /// <summary>A map that copies something else, though it names the product too, is no copy of the product.</summary>
    [Fact]
    public void A_copy_of_another_operand_is_not_the_product()
    {
        Shape domain = [2, 2];
        IndexMap whole = IndexMap.Contiguous(domain);
        var builder = new ProgramBuilder();
        Operand other = new(builder.Input(DType.Float64, 1.0, 2.0, 3.0, 4.0), whole);
        Operand sums = new(builder.Temporary(DType.Float64, 4), whole);
        Operand output = new(builder.Output(DType.Float64, 4), whole);
        builder.Then(new MatMul([], 2, 2, 2, other, other, sums));
        builder.Then(new Map(domain, new Scalar.Input(1, DType.Float64), [sums, other], output));
        Program program = Epilogues.Run(builder.Build());
        Assert.NotNull(Assert.IsType<MatMul>(Assert.Single(program.Kernels)).Epilogue);
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(builder.Backend.Prepare(program), results);
        Assert.Equal([1.0, 2.0, 3.0, 4.0], TestElements.Of(results[0]!));
    }

    [Fact]
    public void A_product_that_is_read_twice_stays() =>
        AssertEpilogues(
            3,
            0,
            x => [Tensor.Exp(Tensor.MatMul(x[0], x[1])), Tensor.Sin(Tensor.MatMul(x[0], x[1]))],
            [5, 5],
            [5, 5]
        );

    [Fact]
    public void A_product_that_is_read_in_another_order_stays() =>
        AssertEpilogues(
            2,
            0,
            x =>
            {
                Tensor product = Tensor.MatMul(x[0], x[1]);
                return [product + (2.0 * product.T)];
            },
            [5, 5],
            [5, 5]
        );

    [Fact]
    public void A_product_that_is_broadcast_or_converted_stays()
    {
        AssertEpilogues(2, 0, x => [Tensor.MatMul(x[0], x[1]) + x[2]], [5, 5], [5, 5], [3, 5, 5]);
        AssertEpilogues(2, 0, x => [Tensor.Cast(Tensor.MatMul(x[0], x[1]), DType.Float32)], [5, 5], [5, 5]);
    }

    [Fact]
    public void A_program_tells_its_epilogues()
    {
        Program program = Plans.Of(x => [Tensor.Tanh(Tensor.MatMul(x[0], x[1]))], Passes.All, [2, 3], [3, 4]).Program;
        Assert.Contains("MatMul [] 2×3×4, then Tanh(x0) of ", program.ToString(), StringComparison.Ordinal);
    }

    private static void AssertEpilogues(int kernels, int epilogues, Func<Tensor[], Tensor[]> f, params Shape[] shapes)
    {
        Plan plan = Plans.Of(f, Passes.All, shapes);
        Assert.Equal(kernels, plan.Program.Kernels.Count);
        Assert.Equal(epilogues, plan.Program.Kernels.OfType<MatMul>().Count(product => product.Epilogue != null));
        Plan without = Plans.Of(f, Passes.All.Where(pass => pass != Epilogues.Run), shapes);
        Assert.Equal(Plans.Run(without, shapes), Plans.Run(plan, shapes), SameBits.Instance);
    }
}
