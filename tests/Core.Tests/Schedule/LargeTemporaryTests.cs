using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Programs;
using Xunit;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Tests.Schedule;

/// <summary>Temporaries may together take more bytes than an int counts: four Jacobians of 10 240 equations do.</summary>
public sealed class LargeTemporaryTests
{
    private const int Jacobian = 10_240 * 10_240;
    private static readonly Scalar Number = new Scalar.Input(0, DType.Float64);

    [Fact]
    public void They_lie_beside_each_other()
    {
        Program program = PlanMemory.Run(Chain(Jacobian, 4).Build());
        Assert.Equal(4L * Jacobian * sizeof(double), program.ArenaBytes);
        Assert.Equal(
            Enumerable.Range(0, 4).Select(i => i * (Jacobian / 8)),
            program.Slots.Where(slot => slot.Kind == SlotKind.Temporary).Select(slot => slot.Position)
        );
    }

    /// <summary>Only their last elements are touched.</summary>
    [Fact]
    public void A_run_finds_all_of_them()
    {
        ProgramBuilder builder = Chain(Jacobian, 4);
        Buffer?[] results = builder.AllocateOutputs();
        builder.Run(builder.Backend.Prepare(PlanMemory.Run(builder.Build())), results);
        Assert.Equal([7.0 + 8.0 + 9.0 + 10.0], TestElements.Of(results[0]!));
    }

    [Fact]
    public void More_than_can_be_counted_is_refused()
    {
        TensorException error = Assert.Throws<TensorException>(() => PlanMemory.Run(Chain(int.MaxValue, 9).Build()));
        Assert.StartsWith("[plan] what is computed on the way", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Temporaries that live together: the last element of each is one more than that of the one before; the result is their sum.</summary>
    private static ProgramBuilder Chain(int length, int count)
    {
        var builder = new ProgramBuilder();
        Operand before = new(builder.Input(DType.Float64, 6.0), new IndexMap(0, [0]));
        var last = new IndexMap(length - 1, [0]);
        Operand[] all = new Operand[count];
        Scalar sum = Number;
        for (int i = 0; i < count; i++)
        {
            all[i] = new Operand(builder.Unplaced(DType.Float64, length), last);
            builder.Then(new Map([1], Number + Number.Number(1.0), [before], all[i]));
            before = all[i];
            if (i > 0)
                sum += new Scalar.Input(i, DType.Float64);
        }
        Operand output = new(builder.Output(DType.Float64, 1), new IndexMap(0, [0]));
        return builder.Then(new Map([1], sum, [.. all], output));
    }
}
