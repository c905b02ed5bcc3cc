using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Programs;
using Implicit.Transforms;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Schedule;

/// <summary>What is computed twice is computed once, what is known is not computed, and what nobody reads is not either.</summary>
public sealed class RewritingTests
{
    [Fact]
    public void What_is_computed_twice_is_computed_once()
    {
        Program program = ProgramOf(x =>
            [Tensor.MatMul(Tensor.Exp(x + 1.0), x), Tensor.Exp(x + 1.0), Tensor.Sum(Tensor.Exp(x + 1.0))]
        );
        Assert.Equal(1, Count(program, part => part is Scalar.Unary { Intrinsic: UnaryIntrinsic.Exp }));
    }

    [Fact]
    public void Equal_operations_on_different_inputs_are_both_computed()
    {
        Program program = ProgramOf(x => [Tensor.Exp(x), Tensor.Exp(-x)]);
        Assert.Equal(2, Count(program, part => part is Scalar.Unary { Intrinsic: UnaryIntrinsic.Exp }));
    }

    [Fact]
    public void A_result_that_is_asked_for_twice_is_there_twice()
    {
        Buffer x = Reading.Force(
            Tensor.Of(
                new double[,]
                {
                    { 1, 2 },
                    { 3, 4 },
                }
            )
        );
        var compiled = CompiledFunction.For(Traced(x => [x * 2.0, x * 2.0, x]));
        Buffer[] results = compiled.AllocateResults();
        compiled.Run([x], results);
        Assert.Equal([2.0, 4.0, 6.0, 8.0], TestElements.Of(results[0]));
        Assert.Equal([2.0, 4.0, 6.0, 8.0], TestElements.Of(results[1]));
        Assert.Equal([1.0, 2.0, 3.0, 4.0], TestElements.Of(results[2]));
    }

    [Fact]
    public void Numbers_of_a_rule_are_part_of_its_kernels_and_fold()
    {
        Program program = ProgramOf(x => [x * (Tensor.Scalar(2.0) * 3.0 / 4.0)]);
        Assert.DoesNotContain(
            program.Kernels.SelectMany(kernel => kernel.Reads),
            read => program.Slots[read.Slot].Kind == SlotKind.Literal
        );
        Assert.Equal(1, Count(program, part => part is Scalar.Binary));
        Assert.Equal(1, Count(program, part => part is Scalar.Constant { Value: 1.5 }));
    }

    [Fact]
    public void Folded_float32_numbers_round_as_computed_ones()
    {
        Tensor x = Tensor.Of([1.0f]);
        var tenth = Tensor.Of([0.1f]);
        var compiled = CompiledFunction.For(
            Function.TraceClosed(
                "test",
                [x.Type],
                all => [all[0] * (Tensor.Scalar(0.1, DType.Float32) * Tensor.Scalar(0.1, DType.Float32) / 3.0)]
            )
        );
        Buffer[] results = compiled.AllocateResults();
        compiled.Run([Reading.Force(x)], results);
        Assert.Equal((tenth * tenth / 3.0).ToArray(), TestElements.Of(results[0]));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Exact_functions_of_numbers_fold_to_the_computed_bits(DType dtype)
    {
        foreach (double a in Numbers)
        {
            foreach (double b in Numbers)
            {
                Tensor[] Of(Tensor x, Tensor y) =>
                    [
                        .. new[]
                        {
                            Tensor.Minimum(x, y),
                            Tensor.Maximum(x, y),
                            Tensor.Where(Tensor.Less(x, y), x, y),
                            Tensor.Sqrt(x),
                            Tensor.Abs(x),
                            Tensor.Sign(x),
                            Tensor.Floor(x),
                            Tensor.Ceiling(x),
                            Tensor.Round(x),
                            Tensor.Cast(Tensor.Cast(x, DType.Float32), dtype),
                            Tensor.Cast(Tensor.IsNaN(x), dtype),
                            Tensor.Cast(Tensor.GreaterOrEqual(x, y), dtype),
                            Tensor.Cast(Tensor.Not(Tensor.Equal(x, y)), dtype),
                        }.Select(value => Tensor.Cast(value, DType.Float64)),
                    ];
                Function folded = Function.TraceClosed(
                    "folded",
                    [],
                    _ => Of(Tensor.Scalar(a, dtype), Tensor.Scalar(b, dtype))
                );
                TensorType type = new(dtype, []);
                Function computed = Function.TraceClosed("computed", [type, type], x => Of(x[0], x[1]));
                Assert.Equal(Bits(computed, Tensor.Scalar(a, dtype), Tensor.Scalar(b, dtype)), Bits(folded));
            }
        }
    }

    /// <summary>These are the backend's own approximations: it computes them when it prepares the plan, not in every run.</summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Functions_of_numbers_have_the_computed_bits(DType dtype)
    {
        foreach (double a in Numbers.Where(double.IsFinite))
        {
            static Tensor[] Of(Tensor x, Tensor y) =>
                [
                    .. new[]
                    {
                        Tensor.Exp(x),
                        Tensor.Expm1(x),
                        Tensor.Log(Tensor.Abs(x)),
                        Tensor.Log1p(Tensor.Abs(x)),
                        Tensor.Sin(x),
                        Tensor.Tan(x),
                        Tensor.Atan(x),
                        Tensor.Sinh(x),
                        Tensor.Tanh(x),
                        Tensor.Erf(x),
                        Tensor.Pow(Tensor.Abs(x), y),
                        Tensor.Atan2(x, y),
                        (Tensor.Exp(x) * y) + Tensor.Cos(y),
                    }.Select(value => Tensor.Cast(value, DType.Float64)),
                ];
            Function ofNumbers = Function.TraceClosed(
                "numbers",
                [],
                _ => Of(Tensor.Scalar(a, dtype), Tensor.Scalar(0.3, dtype))
            );
            TensorType type = new(dtype, []);
            Function computed = Function.TraceClosed("computed", [type, type], x => Of(x[0], x[1]));
            Assert.Equal(Bits(computed, Tensor.Scalar(a, dtype), Tensor.Scalar(0.3, dtype)), Bits(ofNumbers));
        }
    }

    [Fact]
    public void Exact_functions_of_numbers_are_not_computed_and_others_are_the_backends()
    {
        Program program = ProgramOf(x =>
            [x * Tensor.Where(Tensor.Less(Tensor.Scalar(1.0), 2.0), Tensor.Sqrt(Tensor.Scalar(9.0)), 5.0)]
        );
        Assert.Equal(1, Count(program, part => part is Scalar.Binary));
        Assert.Equal(1, Count(program, part => part is Scalar.Constant { Value: 3.0 }));
        Assert.Equal(0, Count(program, part => part is Scalar.Unary or Scalar.Select));
        Program exponential = ProgramOf(x => [x * Tensor.Exp(Tensor.Scalar(2.0))]);
        Assert.Equal(1, Count(exponential, part => part is Scalar.Unary { Intrinsic: UnaryIntrinsic.Exp }));
    }

    [Fact]
    public void A_choice_by_numbers_reads_the_chosen_branch_alone()
    {
        foreach (bool isFirst in new[] { true, false })
        {
            Tensor Choose(Tensor a, Tensor b) =>
                Tensor.Where(Tensor.Less(Tensor.Scalar(1.0), isFirst ? 2.0 : 0.0), isFirst ? a : b, isFirst ? b : a);
            Program program = ProgramOf(x => [Choose(x + 1.0, Tensor.MatMul(x, x)), Tensor.Sum(Choose(x, x * x))]);
            Assert.DoesNotContain(program.Kernels, kernel => kernel is MatMul);
            Assert.All(program.Kernels, kernel => Assert.Single(kernel.Reads));
            Assert.Equal(0, Count(program, part => part is Scalar.Select));
            TensorType type = new(DType.Float64, []);
            Function chosen = Function.TraceClosed("chosen", [type, type], x => [Choose(x[0], Tensor.Log(x[1]))]);
            Tensor[] given = [Tensor.Scalar(3.0), Tensor.Scalar(-1.0), Tensor.Scalar(2.0)];
            Assert.Equal([BitConverter.DoubleToInt64Bits(3.0)], Bits(chosen, given[..2]));
            Assert.Equal([BitConverter.DoubleToInt64Bits(2.0), 0L], Bits(chosen.Vjp([true, true]), given));
        }
    }

    [Fact]
    public void A_result_that_is_a_number_is_filled_in()
    {
        var compiled = CompiledFunction.For(Traced(x => [Tensor.Scalar(2.5), Tensor.Full([3], -0.0)]));
        Buffer[] results = compiled.AllocateResults();
        compiled.Run([Reading.Force(Tensor.Ones([2, 2]))], results);
        Assert.Equal([2.5], TestElements.Of(results[0]));
        Assert.Equal([-0.0, -0.0, -0.0], TestElements.Of(results[1]));
        Assert.True(double.IsNegative(TestElements.Of(results[1])[2]));
    }

    [Fact]
    public void Padding_with_either_zero_keeps_its_sign()
    {
        Tensor x = Tensor.Of(1.0);
        Assert.False(double.IsNegative(Tensor.Pad(x, [0], [1], 0.0).ToArray()[1]));
        Assert.True(double.IsNegative(Tensor.Pad(x, [0], [1], -0.0).ToArray()[1]));
    }

    private static readonly double[] Numbers =
    [
        0.0,
        -0.0,
        0.1,
        -2.5,
        3.5,
        1e-40,
        1e300,
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
    ];

    private static long[] Bits(Function function, params Tensor[] arguments)
    {
        var compiled = CompiledFunction.For(function);
        Buffer[] results = compiled.AllocateResults();
        compiled.Run([.. arguments.Select(Reading.Force)], results);
        return [.. results.Select(result => BitConverter.DoubleToInt64Bits(TestElements.Of(result)[0]))];
    }

    private static Function Traced(Func<Tensor, Tensor[]> f) =>
        Function.TraceClosed("test", [new TensorType(DType.Float64, [2, 2])], x => f(x[0]));

    private static Program ProgramOf(Func<Tensor, Tensor[]> f) => Plan.For(Traced(f).Structure).Program;

    private static int Count(Program program, Func<Scalar, bool> predicate)
    {
        int count = 0;
        foreach (Kernel kernel in program.Kernels)
            if (kernel is Map { Body: var mapped })
                ScalarBody.Visit(mapped, part => count += predicate(part) ? 1 : 0);
            else if (kernel is Reduce { Body: var reduced })
                ScalarBody.Visit(reduced, part => count += predicate(part) ? 1 : 0);
        return count;
    }
}
