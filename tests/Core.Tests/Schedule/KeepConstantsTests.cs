using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Emission;
using Implicit.Tests.Backends.Cpu.Programs;
using Implicit.Tests.Engine;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Schedule;

/// <summary>What depends on the numbers of a function alone is computed once for all calls, and has the bits of what every call computes.</summary>
public sealed class KeepConstantsTests
{
    [Fact]
    public void Sines_of_positions_are_computed_once()
    {
        Program program = AssertKept(x => [x * Positions(20)], [20]);
        Assert.Equal("x0", ProgramText.Of(Assert.IsType<Scalar.Binary>(OnlyMap(program).Body).A));
        Assert.Equal(20 * sizeof(double), program.KeptBytes);
        Assert.Contains(
            program.Once!.Kernels,
            kernel => kernel is Map { Body: Scalar.Unary { Intrinsic: UnaryIntrinsic.Sin } }
        );
    }

    [Fact]
    public void Draws_of_a_fixed_key_are_computed_once()
    {
        Program program = AssertKept(
            x => [Tensor.Where(Tensor.Bernoulli(RandomKey.Of(7), Tensor.Scalar(0.4), [30]), x, 0.0)],
            [30]
        );
        Assert.DoesNotContain(program.Kernels, kernel => kernel is Kernels.Random);
    }

    [Fact]
    public void Products_sums_and_running_sums_of_what_is_known_are_known()
    {
        Program program = AssertKept(
            x => [x + Tensor.MatMul(Square(), Square()), x * Tensor.Sum(Square(), 1), x - Tensor.Cumsum(Square(), 0)],
            [4, 4]
        );
        Assert.All(program.Kernels, kernel => Assert.IsType<Map>(kernel));

        static Tensor Square() => Tensor.Reshape(Positions(16), [4, 4]);
    }

    /// <summary>Maps read it as a number, which needs no memory; a product cannot.</summary>
    [Fact]
    public void One_number_is_kept_only_where_it_is_read_as_values()
    {
        Assert.Null(PlanOf(x => [x + Tensor.Full([6], 2.0), Tensor.Sum(Tensor.Full([6], 3.0) * x)], [6]).Program.Once);
        Program product = AssertKept(x => [Tensor.MatMul(Tensor.Exp(Tensor.Full([3, 4], 2.0)), x)], [4, 5]);
        Assert.IsType<MatMul>(Assert.Single(product.Kernels));
    }

    /// <summary>A plan keeps little; what is made of more may be kept.</summary>
    [Fact]
    public void What_takes_much_memory_is_computed_in_each_call()
    {
        const int Most = (int)(KeepConstants.MostBytes / sizeof(double));
        Assert.Equal(KeepConstants.MostBytes, AssertKept(x => [x * Positions(Most)], [Most]).KeptBytes);
        Assert.Null(PlanOf(x => [x * Positions(Most + 1)], [Most + 1]).Program.Once);
        Assert.Equal(8, AssertKept(x => [x * Tensor.Sum(Positions(Most + 1))], [2]).KeptBytes);
    }

    /// <summary>A matrix without a factor is an error of the call, not of the function.</summary>
    [Fact]
    public void What_can_fail_is_computed_in_each_call()
    {
        Program program = PlanOf(x => [x + Tensor.Cholesky(Tensor.Reshape(Positions(4), [2, 2]))], [2, 2]).Program;
        Assert.Contains(program.Kernels, kernel => kernel is Factorise);
    }

    [Fact]
    public void What_is_kept_outlives_collections_and_calls_on_other_threads()
    {
        Function function = Traced(x => [Tensor.MatMul(x, Tensor.Reshape(Positions(400), [20, 20]))], [20, 20]);
        CompiledFunction compiled = CompiledFunction.For(function);
        Buffer x = Reading.Force(Tensor.Reshape(Tensor.Linspace(-1.0, 1.0, 400), [20, 20]));
        double[] first = Called(compiled, x);
        Garbage.Collect();
        // Takes memory that would have come back to the pool.
        Buffer[] others = [.. Enumerable.Range(0, 50).Select(i => Reading.Force(Tensor.Full([20, 20], i)))];
        Parallel.For(0, 20, _ => Assert.Equal(first, Called(compiled, x), SameBits.Instance));
        GC.KeepAlive(others);
    }

    private static Tensor Positions(int count) => Tensor.Sin(Tensor.Cast(Tensor.Arange(count), DType.Float64) * 0.3);

    /// <summary>The program of f, which keeps something, and gives what f gives where all is computed in each call.</summary>
    private static Program AssertKept(Func<Tensor, Tensor[]> f, Shape shape)
    {
        Plan kept = PlanOf(f, shape);
        Assert.NotNull(kept.Program.Once);
        Plan computed = Plan.For(
            Traced(f, shape).Structure,
            Passes.All.Where(pass => pass.Method.DeclaringType != typeof(KeepConstants))
        );
        Assert.Null(computed.Program.Once);
        Assert.Equal(Plans.Run(computed, [shape]), Plans.Run(kept, [shape]), SameBits.Instance);
        return kept.Program;
    }

    private static Plan PlanOf(Func<Tensor, Tensor[]> f, Shape shape) => Plan.For(Traced(f, shape).Structure);

    private static Map OnlyMap(Program program) => Assert.IsType<Map>(Assert.Single(program.Kernels));

    private static Function Traced(Func<Tensor, Tensor[]> f, Shape shape) =>
        Function.TraceClosed("test", [new TensorType(DType.Float64, shape)], x => f(x[0]));

    private static double[] Called(CompiledFunction compiled, Buffer x)
    {
        Buffer[] results = compiled.AllocateResults();
        compiled.Run([x], results);
        return TestElements.Of(results[0]);
    }
}
