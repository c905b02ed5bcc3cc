using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Schedule;
using Xunit;

namespace Implicit.Tests.Schedule;

/// <summary>Several kernels may fill parts of one slot; movement costs no kernels of its own.</summary>
public sealed class PartialWriteTests
{
    private static readonly TensorType Vector = new(DType.Float64, [4]);
    private static readonly TensorType Matrix = new(DType.Float64, [6, 6]);

    [Fact]
    public void Movement_changes_index_maps_only()
    {
        Program program = Program(x => Tensor.Sum(Tensor.Flip(x[0][1..]) * x[1][..3]));
        Assert.IsType<Reduce>(Assert.Single(program.Kernels));
    }

    [Fact]
    public void Parts_are_written_straight_into_the_output()
    {
        Program program = Program(x => Tensor.Concat([Tensor.Exp(x[0]), x[1]]));
        Assert.DoesNotContain(program.Slots, slot => slot.Kind == SlotKind.Temporary && slot.Length == 8);
        Assert.Equal(2, program.Kernels.Count(kernel => kernel.Writes.Any(write => IsOutput(program, write))));
        Assert.DoesNotContain(program.Kernels, kernel => kernel.Reads.Any(read => IsOutput(program, read)));
    }

    [Fact]
    public void All_parts_of_what_is_read_are_kept_and_none_of_what_is_not()
    {
        Program program = Program(x => Tensor.Sum(Tensor.Pad(Tensor.Exp(x[0]), [1], [2], 3.0)));
        Assert.Contains(program.Kernels, kernel => kernel is Map { Body: Scalar.Constant { Value: 3.0 } });
        Program dead = Program(x => Tensor.Concat([x[0], Tensor.Exp(x[1])])[..4]);
        Assert.Equal(3, dead.Kernels.Count);
        Verifier.Check(dead);
    }

    [Fact]
    public void A_slot_that_is_filled_in_parts_lives_from_the_first_to_the_last_use()
    {
        Tensor a = Tensor.Linspace(0, 1, 40);
        Tensor joined = Tensor.Concat([Tensor.Cumsum(a), Tensor.Sort(-a), Tensor.Cumsum(Tensor.Exp(a))]);
        Tensor both = Tensor.Cumsum(joined) + Tensor.Cumsum(Tensor.Flip(joined));
        double[] x = joined.ToArray();
        double[] expected = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
            expected[i] = x[..(i + 1)].Sum() + x[^(i + 1)..].Sum();
        Tensor again = Tensor.Concat([Tensor.Cumsum(a), Tensor.Sort(-a), Tensor.Cumsum(Tensor.Exp(a))]);
        Laws.Close.Elementwise(expected, both.ToArray(), 1e-13);
        Laws.Close.Elementwise(expected, (Tensor.Cumsum(again) + Tensor.Cumsum(Tensor.Flip(again))).ToArray(), 1e-13);
    }

    [Fact]
    public void A_result_may_be_a_part_of_another()
    {
        Function function = Function.Trace(
            "test",
            [Vector, Vector],
            x =>
            {
                Tensor joined = Tensor.Concat([x[0], x[1] * 2.0]);
                return [joined, joined[2..6], Tensor.Reshape(joined, [2, 4])];
            },
            out _
        );
        Verifier.Check(Plan.For(function.Structure).Program);
        Tensor[] results = function.Apply([Tensor.Of(1, 2, 3, 4), Tensor.Of(5, 6, 7, 8), Tensor.Scalar(2.0)]);
        Evaluator.Current.Evaluate(results);
        Assert.Equal([1, 2, 3, 4, 10, 12, 14, 16], results[0].ToArray());
        Assert.Equal([3, 4, 10, 12], results[1].ToArray());
        Assert.Equal([1, 2, 3, 4, 10, 12, 14, 16], results[2].ToArray());
    }

    /// <summary>What is joined and read elsewhere too is computed in its place, whatever computes it.</summary>
    [Fact]
    public void Parts_that_others_read_are_computed_in_their_place()
    {
        Function function = Function.TraceClosed("test", [Matrix, Matrix], Joined);
        Program program = Plan.For(function.Structure).Program;
        Verifier.Check(program);
        Assert.DoesNotContain(program.Kernels, kernel => kernel is Map { Body: Scalar.Input });
        Tensor a = Tensor.Reshape(Tensor.Linspace(-1.0, 1.0, 36), [6, 6]);
        Tensor[] expected = Joined([a, a.T]);
        Tensor[] actual = function.Apply([a, a.T]);
        for (int i = 0; i < actual.Length; i++)
            Laws.Close.Normwise(expected[i].ToArray(), actual[i].ToArray(), 1e-14);

        static Tensor[] Joined(Tensor[] x)
        {
            Tensor product = Tensor.MatMul(x[0], x[1]);
            Tensor activated = Tensor.Tanh(x[0]);
            Tensor sums = Tensor.Sum(x[1] * x[1], keepDims: true, 0);
            Tensor joined = Tensor.Concat([product, activated, sums]);
            Tensor again = Tensor.Concat([Tensor.MatMul(joined, x[1]), Tensor.Exp(x[0])]);
            return [Tensor.MatMul(activated, product) + sums, again, Tensor.Sum(again * again)];
        }
    }

    /// <summary>A place that something else fills too must be filled in order.</summary>
    [Fact]
    public void Parts_of_what_is_filled_before_are_copied()
    {
        Function function = Function.TraceClosed(
            "test",
            [Matrix, Matrix],
            x =>
            {
                Tensor product = Tensor.MatMul(x[0], x[1]);
                return [Tensor.Pad(product, [1, 0], [0, 0], 3.0), Tensor.Concat([product, product])];
            }
        );
        Verifier.Check(Plan.For(function.Structure).Program);
        Tensor[] results = function.Apply([Tensor.Eye(6), Tensor.Ones([6, 6])]);
        Assert.Equal(3.0, (double)results[0][0, 2]);
        Assert.Equal(Enumerable.Repeat(1.0, 36), results[0][1..].ToArray());
        Assert.Equal(Enumerable.Repeat(1.0, 72), results[1].ToArray());
    }

    private static bool IsOutput(Program program, Operand operand) =>
        program.Slots[operand.Slot].Kind == SlotKind.Output;

    private static Program Program(Func<Tensor[], Tensor> f) =>
        Plan.For(Function.TraceClosed("test", [Vector, Vector], x => [f(x)]).Structure).Program;
}
