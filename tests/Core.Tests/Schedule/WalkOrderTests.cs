using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Emission;
using Xunit;

namespace Implicit.Tests.Schedule;

/// <summary>Maps walk along what most operands lie along, and change no bit.</summary>
public sealed class WalkOrderTests
{
    [Fact]
    public void A_sum_of_transposes_walks_along_its_terms() =>
        AssertOrder([3, 50], x => x[0].T + Tensor.Exp(x[1].T), [3, 50], [3, 50]);

    [Fact]
    public void Axes_before_and_behind_keep_their_order() =>
        AssertOrder(
            [4, 6, 5, 3],
            x => Tensor.MoveAxis(x[0], -1, 1) * Tensor.MoveAxis(x[1], -1, 1),
            [4, 6, 5, 3],
            [4, 6, 5, 3]
        );

    [Fact]
    public void A_copy_walks_along_its_result() => AssertOrder([50, 3], x => x[0].T, [3, 50]);

    [Fact]
    public void A_bias_lies_along_no_axis_but_its_own() =>
        AssertOrder([50, 3], x => x[0] + x[1] + x[2].T, [50, 3], [3], [3, 50]);

    [Fact]
    public void Few_points_walk_along_their_result() => AssertOrder([8, 3], x => x[0].T + x[1].T, [3, 8], [3, 8]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_depends_on_coordinates_keeps_its_axes(bool usesIndex)
    {
        Scalar sum = new Scalar.Input(0, DType.Int64) + new Scalar.Input(1, DType.Int64);
        Operand Across(int slot) => new(slot, new IndexMap(0, [1, 50]));
        var map = new Map(
            [50, 3],
            usesIndex ? sum + new Scalar.Index(0) : sum,
            [Across(0), Across(1)],
            new Operand(2, IndexMap.Contiguous([50, 3]))
        );
        Program program = WalkOrder.Run(new Program([], [map], ArenaBytes: 0, OpaqueCount: 0));
        Assert.Equal(usesIndex, program.Kernels[0] == map);
    }

    private static void AssertOrder(Shape domain, Func<Tensor[], Tensor> f, params Shape[] shapes)
    {
        Plan plan = Plans.Of(x => [f(x)], Passes.All, shapes);
        var map = Assert.IsType<Map>(Assert.Single(plan.Program.Kernels));
        Assert.Equal(domain, map.Domain);
        Plan without = Plans.Of(x => [f(x)], Passes.All.Where(pass => pass != WalkOrder.Run), shapes);
        Assert.Equal(Plans.Run(without, shapes), Plans.Run(plan, shapes), SameBits.Instance);
    }
}
