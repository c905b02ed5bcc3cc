using Implicit.Kernels;
using Implicit.Schedule;
using Implicit.Tests.Backends.Cpu.Emission;
using Xunit;

namespace Implicit.Tests.Schedule;

/// <summary>Sums and gradients of factors run while what they read is near, which changes no bit.</summary>
public sealed class CondenseEarlyTests
{
    private static readonly Shape[] Types =
    [
        [256, 32],
        [32, 32],
        [256, 32],
    ];

    [Fact]
    public void Gradients_of_factors_and_sums_follow_what_they_read()
    {
        (Plan early, Plan late) = Both(Layers);
        Assert.Equal([256, 32, 32, 256, 32, 32, 256, 32, 32, 256], Rows(early));
        Assert.Equal([256, 256, 256, 256, 32, 32, 32, 32, 32, 32], Rows(late));
        Assert.True(early.Program.ArenaBytes < late.Program.ArenaBytes);
        Assert.Equal(Plans.Run(late, Types), Plans.Run(early, Types), SameBits.Instance);
    }

    [Fact]
    public void What_serves_them_alone_comes_with_them()
    {
        (Plan early, Plan late) = Both(x =>
        {
            Tensor first = Tensor.MatMul(x[0], x[1]);
            return [Tensor.MatMul(first, x[1]), Tensor.MatMul((first * x[2]).T, x[0])];
        });
        Assert.Equal(["256×32×32", "map", "32×256×32", "256×32×32"], early.Program.Kernels.Select(Name));
        Assert.Equal(Plans.Run(late, Types), Plans.Run(early, Types), SameBits.Instance);
    }

    [Fact]
    public void What_is_near_anyway_keeps_its_place()
    {
        Shape[] small =
        [
            [16, 4],
            [4, 4],
            [16, 4],
        ];
        Plan plan = Plans.Of(Layers, Passes.All, small);
        Plan without = Plans.Of(Layers, Passes.All.Where(pass => pass != CondenseEarly.Run), small);
        Assert.Equal(without.Program.Kernels.Select(Name), plan.Program.Kernels.Select(Name));
    }

    /// <summary>Four products one after the other, and behind them what the first three give for their factors and biases.</summary>
    private static Tensor[] Layers(Tensor[] x)
    {
        Tensor first = Tensor.Tanh(Tensor.MatMul(x[0], x[1]));
        Tensor second = Tensor.Tanh(Tensor.MatMul(first, x[1]));
        Tensor third = Tensor.Tanh(Tensor.MatMul(second, x[1]));
        return
        [
            Tensor.MatMul(third, x[1]),
            .. from y in (Tensor[])[first, second, third]
            from condensed in (Tensor[])[Tensor.MatMul(y.T, x[2]), Tensor.Sum(y, 0)]
            select condensed,
        ];
    }

    private static (Plan Early, Plan Late) Both(Func<Tensor[], Tensor[]> f) =>
        (Plans.Of(f, Passes.All, Types), Plans.Of(f, Passes.All.Where(pass => pass != CondenseEarly.Run), Types));

    private static IEnumerable<int> Rows(Plan plan) =>
        plan.Program.Kernels.Select(kernel => kernel is MatMul product ? product.M : ((Reduce)kernel).Domain[0]);

    private static string Name(Kernel kernel) =>
        kernel is MatMul product ? $"{product.M}×{product.K}×{product.N}" : kernel.GetType().Name.ToLowerInvariant();
}
