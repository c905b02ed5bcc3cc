using System.Runtime.CompilerServices;
using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Testing;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>A graph that is built again finds its plan by a check; one that only resembles it does not.</summary>
public sealed class KnownGraphTests
{
    [Property(MaxTest = 200)]
    public void Graphs_that_resemble_each_other_are_computed_as_they_are(int seed)
    {
        // Few shapes of graphs over few leaves: most resemble an earlier one, in all but a wire, a leaf or what was computed before.
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            var pool = new List<(Tensor Node, double Value)>();
            for (int leaf = 0; leaf < 3; leaf++)
            {
                double number = random.Next(1, 9);
                pool.Add((leaf == 2 ? Tensor.Scalar(number) : Tensor.Of([number], []), number));
            }
            for (int step = random.Next(2, 7); step > 0; step--)
            {
                (Tensor a, double x) = pool[random.Next(pool.Count)];
                (Tensor b, double y) = pool[random.Next(pool.Count)];
                double number = random.Next(1, 9);
                pool.Add(
                    random.Next(5) switch
                    {
                        0 => (a + b, x + y),
                        1 => (a - b, x - y),
                        2 => (a * number, x * number),
                        3 => (number - a, number - x),
                        _ => (a * b, x * y),
                    }
                );
                if (random.Next(6) == 0)
                    Reading.Force(pool[^1].Node);
                if (random.Next(3) == 0)
                    Tensor.Bind([.. Enumerable.Range(0, 3).Select(_ => pool[random.Next(pool.Count)].Node)]);
            }
            Assert.Equal(pool[^1].Value, pool[^1].Node.ToDouble());
            (Tensor other, double expected) = pool[random.Next(pool.Count)];
            Assert.Equal(expected, other.ToDouble());
            Assert.All(pool, one => Assert.Equal(one.Value, one.Node.ToDouble()));
        }
    }

    [Fact]
    public void Operations_of_any_number_of_inputs_are_met_again()
    {
        for (int turn = 1; turn <= 3; turn++)
        {
            Tensor count = Tensor.Cast(Tensor.Iota([3]), DType.Float64);
            Tensor chosen = Tensor.Where(count > 0.0, count * turn, -1.0);
            Assert.Equal([-1.0, turn, 2.0 * turn], chosen.ToArray());
        }
    }

    [Fact]
    public void Values_that_are_computed_together_are_when_the_graph_is_met_again()
    {
        for (int turn = 1; turn <= 3; turn++)
        {
            (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(
                (Tensor x) => Tensor.Sum(x * x),
                Tensor.Of(turn, 2.0)
            );
            Assert.Equal((turn * turn) + 4.0, value.ToDouble());
            Assert.NotNull(gradient.Value);
            Assert.Equal([2.0 * turn, 4.0], gradient.ToArray());
        }
    }

    [Fact]
    public void Of_values_that_are_asked_for_together_each_is_computed_whatever_it_is()
    {
        for (int turn = 1; turn <= 3; turn++)
        {
            Tensor x = Tensor.Of(turn, 2.0);
            Tensor[] bound = [Tensor.Exp(x) - x, Tensor.Scalar(turn), x * x];
            Tensor.Bind(bound);
            Tensor apart = Tensor.Exp(x) * turn;
            Reading.Force(turn == 3 ? [.. bound, apart] : bound);
            Assert.All(bound, tensor => Assert.NotNull(tensor.Value));
            Assert.Equal(turn, bound[1].ToDouble());
            Assert.Equal([turn * turn, 4.0], bound[2].ToArray());
            Assert.Equal(turn == 3, apart.Value is not null);
        }
    }

    [Fact]
    public void What_comes_with_values_on_the_way_is_computed_when_the_graph_is_met_again()
    {
        for (int turn = 1; turn <= 6; turn++)
        {
            Tensor x = Tensor.Of(turn, 2.0);
            Tensor[] first = [Tensor.Sum(Tensor.Exp(x)), x * x, Tensor.Tanh(x)];
            Tensor[] second = [first[1] - x, Tensor.Sin(first[2] + first[1]), first[2] * 3.0];
            // What is bound changes from turn to turn, and with it what is kept; the likeness of the graph does not.
            if (turn != 4)
                Tensor.Bind(first);
            Tensor.Bind(turn == 5 ? [.. second[..2], x * turn] : second);
            Tensor root = second[1] * second[0];

            Assert.Equal(Math.Sin(Math.Tanh(2.0) + 4.0) * 2.0, root.ToArray()[1], 1e-14);
            Assert.Equal(turn != 4, first[0].Value is not null);
            Assert.Equal(turn != 4, first[2].Value is not null);
            Assert.Equal(turn != 5, second[2].Value is not null);
            Assert.Equal([turn * turn, 4.0], first[1].ToArray());
            Assert.Equal(Math.Exp(turn) + Math.Exp(2.0), first[0].ToDouble(), 1e-10);
            Assert.Equal(3.0 * Math.Tanh(turn), second[2].ToArray()[0], 1e-14);
        }
    }

    [Fact]
    public void What_is_computed_for_the_second_time_is_kept_when_the_graph_is_met_again()
    {
        for (int turn = 1; turn <= 3; turn++)
        {
            Tensor shared = Tensor.Exp(Tensor.Of(turn, 1.0));
            Tensor.Sum(shared).ToDouble();
            Assert.Null(shared.Value);
            Tensor.Sum(shared * 2.0).ToDouble();
            Assert.NotNull(shared.Value);
        }
    }

    [Fact]
    public void What_a_derivative_will_need_is_kept_though_a_like_graph_is_known_that_needs_none()
    {
        Assert.Null(FirstFactor(retains: false).Value);
        Assert.Null(FirstFactor(retains: false).Value);
        Assert.NotNull(FirstFactor(retains: true).Value);

        static Tensor FirstFactor(bool retains)
        {
            var trace = Trace.Concrete("test", retains);
            Tensor x = Tensor.Variable(Tensor.Of([2.0, 1.0, 0.0, 3.0], [2, 2]), trace);
            (Tensor q, Tensor r) = Tensor.Qr(x);
            Tensor sum = Tensor.Sum(r);
            trace.Dispose();
            sum.ToDouble();
            return q;
        }
    }

    [Fact]
    public void A_leaf_of_another_type_or_number_is_another_graph()
    {
        static Tensor Next(Tensor x) => (x * 3.0) + 1.0;
        Assert.Equal([4.0, 7.0], Next(Tensor.Of(1.0, 2.0)).ToArray());
        Assert.Equal([4.0, 7.0], Next(Tensor.Of(1.0, 2.0)).ToArray());
        Assert.Equal([10.0], Next(Tensor.Of(3.0)).ToArray());
        Assert.Equal([10.0f], Next(Tensor.Of([3.0f])).ToArray<float>());
        static Tensor Scaled(double scale) => Tensor.Of(1.0, 2.0) * scale;
        Assert.Equal([5.0, 10.0], Scaled(5.0).ToArray());
        Assert.Equal([6.0, 12.0], Scaled(6.0).ToArray());
    }

    /// <summary>What is met of a graph of more than 64 nodes is in memory of the thread, which must let go of it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nodes_of_a_large_graph_can_be_collected_whether_it_was_known_or_only_resembled_one(bool isKnown)
    {
        ComputedLargeGraph(repeatsLeaf: false);
        WeakReference[] nodes = ComputedLargeGraph(repeatsLeaf: !isKnown);
        Assert.InRange(nodes.Length, 65, 200);
        Garbage.Collect();
        Assert.DoesNotContain(nodes, node => node.IsAlive);
    }

    /// <summary>With the first leaf in place of the second it is like the graph without, but for a wire of the step that is met last.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] ComputedLargeGraph(bool repeatsLeaf)
    {
        List<Tensor> nodes = [Tensor.Of(0.1)];
        Tensor last = nodes[0];
        for (int step = 0; step < 30; step++)
        {
            Tensor leaf = repeatsLeaf && step == 0 ? last : Tensor.Of(0.1);
            Tensor square = last * last;
            last = square + leaf;
            nodes.AddRange([leaf, square, last]);
        }
        Assert.InRange(last.ToArray()[0], 0.1, 0.2);
        return [.. nodes.Select(node => new WeakReference(node))];
    }
}
