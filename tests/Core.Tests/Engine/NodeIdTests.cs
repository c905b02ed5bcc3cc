using Implicit.Testing;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Engine;

/// <summary>Ids tell what was made of what, and on one thread what was made after what.</summary>
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

    /// <summary>Ids of a thread that has made little are below those of what it captures.</summary>
    [Fact]
    public void A_branch_traced_on_a_fresh_thread_captures_what_is_differentiated()
    {
        Tensor a = Tensor.Of(3.0);
        Tensor two = Tensor.Of(2.0);
        Tensor OnAnother(Func<Tensor> make)
        {
            Tensor? made = null;
            Elsewhere(() => made = make());
            return made!;
        }

        Assert.Equal(3.0, Grad(x => OnAnother(() => Checkpoint(w => w * x, a)), two).ToDouble());
        Assert.Equal(3.0, Grad(x => OnAnother(() => Cond(a > 0.0, w => w * x, w => w, a)), two).ToDouble());
        Assert.Equal(12.0, Grad(x => Squared(x, y => OnAnother(() => Checkpoint(w => w * y, a))), two).ToDouble());

        static Tensor Squared(Tensor x, Func<Tensor, Tensor> then) => then(x * x);
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
