using Implicit.Graph;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>An operation on a batch is the operation on each item.</summary>
public sealed class VmapLaws
{
    private const int Size = 3;

    public static TheoryData<string> Names => OpCases.Names;

    public static TheoryData<string> Differentiable => OpCases.Differentiable;

    [Theory]
    [MemberData(nameof(Names))]
    public void Vmap_is_a_loop_for_each_subset_of_batched_inputs(string op)
    {
        OpCase one = OpCases.All[op];
        for (int subset = 1; subset < 1 << one.Inputs.Length; subset++)
            Check(one, [.. one.Inputs.Select((_, i) => (subset & (1 << i)) != 0)], x => [one.Apply(x)], weigh: false);
    }

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Vmap_of_the_vjp_is_a_loop(string op)
    {
        OpCase one = OpCases.All[op];
        bool[] inputs = [.. one.Inputs.Select(_ => true), false];
        bool[] weights = [.. one.Inputs.Select(_ => false), true];
        foreach (bool[] batched in new[] { inputs, weights, [.. inputs.Select(_ => true)] })
            Check(one, batched, x => Pullback(one, x[..^1], x[^1]), weigh: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Vmap_nests(string op)
    {
        OpCase one = OpCases.All[op];
        bool[] all = [.. one.Inputs.Select(_ => true)];
        if (all.Length == 0)
            return;
        Check(
            one,
            all,
            x => Vmap(y => [one.Apply(y)], all, 1, [.. x.Select(item => Tensor.Unsqueeze(item, 0))]),
            weigh: false
        );
    }

    private static void Check(OpCase op, bool[] batched, Func<Tensor[], Tensor[]> f, bool weigh)
    {
        Tensor[][] items = [.. Enumerable.Range(0, Size).Select(i => Items(op, i, weigh))];
        Tensor[] inputs = [.. batched.Select((isBatched, i) => isBatched ? Stacked(items, i) : items[0][i])];
        Tensor[] actual = Vmap(f, batched, Size, inputs);
        Tensor[][] looped =
        [
            .. items.Select(item => f([.. batched.Select((isBatched, i) => isBatched ? item[i] : items[0][i])])),
        ];
        for (int r = 0; r < actual.Length; r++)
        {
            Assert.Equal([Size, .. looped[0][r].Shape], actual[r].Shape);
            double[] expected = [.. looped.SelectMany(results => results[r].ToArray())];
            Close.Normwise(expected, actual[r].ToArray(), op.Condition * 1e-13);
        }
    }

    private static Tensor[] Vmap(Func<Tensor[], Tensor[]> f, bool[] batched, int size, Tensor[] inputs)
    {
        TensorType[] types =
        [
            .. inputs.Select((x, i) => new TensorType(x.DType, batched[i] ? Shape.Of(x.Shape.Skip(1)) : x.Shape)),
        ];
        Function function = Function.Trace("vmap", types, f, out Tensor[] captures);
        return function.Vmap([.. batched, .. captures.Select(_ => false)], size).Apply([.. inputs, .. captures]);
    }

    private static Tensor[] Pullback(OpCase op, Tensor[] x, Tensor w)
    {
        int[] movable = op.Movable;
        Tensor[] moving = [.. movable.Select(i => x[i])];
        return Differentiation.Vjp<Tensor[], Tensor>(Apply, moving).Pullback(w);

        Tensor Apply(Tensor[] moved)
        {
            var all = (Tensor[])x.Clone();
            for (int i = 0; i < movable.Length; i++)
                all[movable[i]] = moved[i];
            return op.Apply(all);
        }
    }

    private static Tensor[] Items(OpCase op, int seed, bool weigh)
    {
        Tensor[] inputs = op.Tensors(op.Draw(seed), DType.Float64);
        return weigh ? [.. inputs, Weights(op, seed)] : inputs;
    }

    private static Tensor Weights(OpCase op, int seed)
    {
        var random = new Random(seed);
        return Tensor.Of([.. Enumerable.Range(0, op.Result.Length).Select(_ => random.NextDouble() - 0.5)], op.Result);
    }

    private static Tensor Stacked(Tensor[][] items, int input) =>
        Tensor.Of(
            [.. items.SelectMany(item => item[input].ToArray())],
            [Size, .. items[0][input].Shape],
            items[0][input].DType
        );
}
