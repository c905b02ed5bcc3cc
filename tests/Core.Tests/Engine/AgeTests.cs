using Implicit.Graph;
using Implicit.Runtime;
using Implicit.Testing;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>Ids tell what was made after what.</summary>
public sealed class AgeTests
{
    [Property(MaxTest = 50)]
    public void A_result_is_younger_than_its_inputs_whichever_thread_made_them(int seed)
    {
        var random = new Random(seed);
        List<Tensor> nodes = [Tensor.Of(1.0, 2.0), Tensor.Of(3.0, 4.0)];
        for (int turn = 0; turn < 30; turn++)
        {
            (Tensor a, Tensor b) = (nodes[random.Next(nodes.Count)], nodes[random.Next(nodes.Count)]);
            if (turn % 3 == 0)
                Elsewhere(() => nodes.Add(Step(random.Next(5), a, b)));
            else
                nodes.Add(Step(random.Next(5), a, b));
            Assert.All(nodes[^1].InputsAsWritten.ToArray(), input => Assert.True(input.Id < nodes[^1].Id));
        }
    }

    [Fact]
    public void What_is_made_after_a_trace_was_opened_is_younger_than_the_trace_and_what_was_made_before_is_older()
    {
        Tensor x = Tensor.Of(1.0, 2.0);
        Tensor before = Deep(x, 900);
        using var trace = Trace.Abstract("test");
        Assert.True(x.Id < trace.Start);
        Assert.True(before.Id < trace.Start);
        Assert.True((x * x).Id > trace.Start);
        Assert.True(Tensor.Exp(x).Id > trace.Start);
        Assert.True(Tensor.Of(1.0).Id > trace.Start);
        Assert.True(Tensor.Parameter(x.Type, trace).Id > trace.Start);
        Elsewhere(() => Assert.True((x + x).Id > trace.Start));
    }

    [Fact]
    public void What_a_long_loop_computed_without_traces_is_older_than_the_next_trace()
    {
        Tensor x = Tensor.Of(1.0, 2.0);
        for (int turn = 0; turn < 200; turn++)
        {
            x = Deep(x, 500);
            Reading.Force(x);
        }
        Tensor pending = Deep(x, 500);
        using var trace = Trace.Abstract("test");
        Assert.True(pending.Id < trace.Start);
    }

    [Fact]
    public void Nodes_that_differ_in_a_number_or_an_attribute_alone_are_told_apart()
    {
        Tensor x = Tensor.Iota([1024]);
        Tensor[] scaled = [.. Enumerable.Range(0, 1024).Select(i => Tensor.Cast(x, DType.Float64) * (double)i)];
        Tensor[] sliced = [.. Enumerable.Range(0, 1024).Select(i => Tensor.Slice(x, 0, i, i + 1))];
        Assert.InRange(MostAlike(scaled), 1, 32);
        Assert.InRange(MostAlike(sliced), 1, 32);

        static int MostAlike(Tensor[] nodes) => nodes.GroupBy(node => (node.Id, node.Mix)).Max(group => group.Count());
    }

    private static Tensor Deep(Tensor x, int depth)
    {
        for (int i = 0; i < depth; i++)
            x = (x * 0.5) + 1.0;
        return x;
    }

    private static Tensor Step(int kind, Tensor a, Tensor b) =>
        kind switch
        {
            0 => a + b,
            1 => a * 0.5,
            2 => Tensor.Exp(a),
            3 => Tensor.Where(a > b, a, b),
            _ => Tensor.Tanh(a * b),
        };

    private static void Elsewhere(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        thread.Join();
    }
}
