using Implicit.Testing;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Engine;

/// <summary>Ids tell what was made after what.</summary>
public sealed class NodeIdTests
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

    /// <summary>What a branch or a checkpointed function captured is no part of it, however long the way to it within a derivative was.</summary>
    [Fact]
    public void What_was_made_before_a_branch_is_older_than_it_after_a_long_chain()
    {
        Tensor one = Tensor.Of(1.0);
        Assert.Equal(4.0, Grad(x => Grad(v => Cond(one > 0.0, w => v * v, w => w, one), Far(x)), one).ToDouble());
        Assert.Equal(3.0, Grad(x => Grad(v => Checkpoint(w => v * w * w, v), Far(x)), one).ToDouble() / 8.0);

        static Tensor Far(Tensor x)
        {
            Tensor y = x;
            for (int i = 0; i < 20_000; i++)
                y = -y;
            return 2.0 * y;
        }
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
