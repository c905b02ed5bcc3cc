using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Emission;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;

namespace Implicit.Tests.Schedule;

/// <summary>What a map reads for the last time lies where its results belong, and no bit changes.</summary>
public sealed class OverwriteTests
{
    private const int Bytes = 20 * 30 * sizeof(double);

    [Fact]
    public void A_result_is_computed_from_its_first_version_on_where_it_belongs() => AssertSaves(Bytes, Softmax);

    [Fact]
    public void Temporaries_take_each_others_places() =>
        AssertSaves(Bytes, x => [Tensor.MatMul(Softmax(Softmax(x))[0], x[0].T)]);

    [Fact]
    public void What_is_read_again_stays() =>
        AssertSaves(
            0,
            x =>
            {
                Tensor e = Tensor.Cumsum(x[0], 1);
                return [e / Tensor.Sum(e, true, 1), Tensor.MatMul(e, x[0].T)];
            }
        );

    [Fact]
    public void What_is_read_in_another_order_stays() =>
        AssertSaves(
            0,
            x =>
            {
                Tensor y = Tensor.Cumsum(Tensor.Reshape(x[0], [30, 20]), 1);
                return [Tensor.Sin(y.T) + y.T];
            }
        );

    [Fact]
    public void A_type_takes_no_place_of_another() =>
        AssertSaves(0, x => [Tensor.Cast(Tensor.Cumsum(Tensor.Cast(x[0], DType.Int64), 1), DType.Float64)]);

    /// <summary>Part of a joined result may be computed from another part, which stays.</summary>
    [Fact]
    public void Parts_of_a_result_stay()
    {
        Tensor[] Joined(Tensor[] x)
        {
            Tensor y = Tensor.Cumsum(x[0], 1);
            return [Tensor.Concat([y, Tensor.Sin(Tensor.MatMul(y, x[0].T))], 1)];
        }
        AssertSaves(0, Joined);
    }

    /// <summary>What the pass must never make is refused.</summary>
    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(2, -1, false)]
    [InlineData(1, 1, false)]
    public void A_map_reads_of_its_output_only_what_it_replaces(int offset, int stride, bool isRight)
    {
        var builder = new ProgramBuilder();
        Operand x = new(builder.Input(DType.Float64, 1, 2, 3, 4), new(0, [1]));
        int y = builder.Output(DType.Float64, 4);
        Scalar element = new Scalar.Input(0, DType.Float64);
        builder.Then(new Map([4], element, [x], new(y, new(0, [1]))));
        builder.Then(new Map([3], element + element, [new(y, new(offset, [stride]))], new(y, new(0, [1]))));
        Exception? error = Record.Exception(() => Verifier.Check(builder.Build()));
        Assert.Equal(isRight, error is null);
    }

    private static Tensor[] Softmax(Tensor[] x)
    {
        Tensor e = Tensor.Exp(x[0] - Tensor.Max(x[0], true, 1));
        return [e / Tensor.Sum(e, true, 1)];
    }

    private static void AssertSaves(long bytes, Func<Tensor[], Tensor[]> f)
    {
        Shape[] shapes =
        [
            [20, 30],
        ];
        Plan plan = Plans.Of(f, Passes.All, shapes);
        Plan without = Plans.Of(f, Passes.All.Where(pass => pass != Overwrite.Run), shapes);
        Assert.Equal(without.Program.ArenaBytes - bytes, plan.Program.ArenaBytes);
        Assert.Equal(Plans.Run(without, shapes), Plans.Run(plan, shapes), SameBits.Instance);
    }
}
