using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Control;

/// <summary>A loop whose number of steps is a value: that of the steps written out, in every transform.</summary>
public sealed class RepeatTests
{
    private static readonly double[] Start = [0.3, -0.2];
    private static readonly double[] Slope = [0.7, 1.1];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Value_and_derivatives_are_those_of_the_steps_written_out(int steps)
    {
        Tensor[] at = [Tensor.Of(Start), Tensor.Of(Slope)];
        Tensor[] along = [Tensor.Of(0.4, -1.0), Tensor.Of(-0.3, 0.8)];
        Tensor Loop(Tensor[] p) => Tensor.Sum(Tensor.Exp(Repeated(p[0], p[1], Count(steps))));
        Tensor Written(Tensor[] p)
        {
            Tensor x = p[0];
            for (int i = 0; i < steps; i++)
                x = Step(x, p[1]);
            return Tensor.Sum(Tensor.Exp(x));
        }

        Assert.Equal(Written(at).ToDouble(), Loop(at).ToDouble(), 1e-14);
        Same(Differentiation.Grad(Written, at), Differentiation.Grad(Loop, at));
        Same([Differentiation.Jvp(Written, at, along).Tangent], [Differentiation.Jvp(Loop, at, along).Tangent]);
        Same(Jacobians.Hvp(Written, at, along), Jacobians.Hvp(Loop, at, along));
        Same(Second(Written), Second(Loop));

        Tensor[] Second(Func<Tensor[], Tensor> f) =>
            Differentiation.Grad(
                p => Differentiation.Grad(f, p).Zip(along, (g, v) => Tensor.Sum(g * v)).Aggregate((a, b) => a + b),
                at
            );
    }

    /// <summary>Items take different numbers of steps, or the same from different starts; derivatives before and after mapping.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_item_takes_its_own_steps(bool ownCounts)
    {
        long[] counts = ownCounts ? [3, 0, 8] : [5, 5, 5];
        var starts = Tensor.Of([0.3, -0.2, 0.5, 0.1, -0.7, 0.9], [3, 2]);
        Tensor slope = Tensor.Of(Slope);
        Tensor Item(Tensor start, Tensor count, Tensor s) => Tensor.Sum(Tensor.Exp(Repeated(start, s, count)));
        Tensor Batch(Func<Tensor, Tensor, Tensor> f) =>
            ownCounts
                ? Vectorisation.Vmap(item => f(item.Start, item.Count), (Start: starts, Count: Tensor.Of(counts)))
                : Vectorisation.Vmap(start => f(start, Count(5)), starts);
        double[] mapped = Batch((x, n) => Differentiation.Grad(s => Item(x, n, s), slope)).ToArray();
        double[] whole = Differentiation
            .Grad(s => Tensor.Sum(Batch((x, n) => Item(x, n, s)) * Tensor.Of(1.0, 2.0, 3.0)), slope)
            .ToArray();
        double[] sum = new double[2];
        for (int i = 0; i < 3; i++)
        {
            double[] alone = Differentiation.Grad(s => Item(starts[i], Count(counts[i]), s), slope).ToArray();
            Close.Normwise(alone, mapped[(2 * i)..((2 * i) + 2)], 1e-14);
            for (int j = 0; j < 2; j++)
                sum[j] += (i + 1) * alone[j];
        }
        Close.Normwise(sum, whole, 1e-14);
    }

    private static Tensor Count(long steps) => Tensor.Index(Tensor.Of(new long[] { steps }), 0, 0);

    private static Tensor Step(Tensor x, Tensor slope) => Tensor.Sin(slope * x) + 0.1;

    private static Tensor Repeated(Tensor start, Tensor slope, Tensor count) =>
        Loops.Repeat(state => [Step(state[0], slope)], [start], count)[0];

    private static void Same(Tensor[] expected, Tensor[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Close.Normwise(expected[i].ToArray(), actual[i].ToArray(), 1e-13);
    }
}
