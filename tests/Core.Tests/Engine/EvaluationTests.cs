using Implicit.Runtime;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Engine;

/// <summary>What is computed when, and how often.</summary>
public sealed class EvaluationTests
{
    [Fact]
    public void An_evaluated_node_lets_go_of_its_inputs()
    {
        Tensor y = Tensor.Exp(Tensor.Of(1, 2));
        Assert.Equal(1, y.Inputs.Length);
        y.ToArray();
        Assert.True(y.Inputs.IsEmpty);
    }

    [Fact]
    public void A_value_is_computed_once_however_often_it_is_read()
    {
        var counter = new Counter();
        Tensor y = CountedOp.Of(Tensor.Of(1, 2), counter);
        y.ToArray();
        y.ToArray();
        _ = (y + 1.0).ToArray();
        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public void A_costly_value_on_the_way_is_kept()
    {
        var counter = new Counter();
        Tensor y = CountedOp.Of(Tensor.Of(1, 2), counter, costly: true);
        Tensor.Sum(y).ToDouble();
        y.ToArray();
        _ = (y * 2.0).ToArray();
        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public void Any_value_on_the_way_is_kept_the_second_time_that_it_is_needed()
    {
        var counter = new Counter();
        Tensor y = CountedOp.Of(Tensor.Of(1, 2), counter) * 2.0;
        for (int i = 0; i < 10; i++)
            Assert.Equal(6.0 + (2 * i), Tensor.Sum(Tensor.Reshape(y, [2, 1]) + i).ToDouble());
        Assert.Equal(2, counter.Count);
    }

    [Fact]
    public void What_an_optimiser_remembers_does_not_pile_up()
    {
        var counter = new Counter();
        var device = new Device(Device.Cpu.Backend);
        var evaluation = new Evaluation(device);
        Tensor x = Tensor.Of(1.0);
        Tensor moment = Tensor.Of(0.0);
        for (int i = 0; i < 200; i++)
        {
            Tensor gradient = Differentiation.Grad(y => Tensor.Sum(y * y), x);
            moment = CountedOp.Of((0.9 * moment) + (0.1 * gradient), counter);
            x -= 0.1 * moment;
            evaluation.Evaluate([x]);
        }
        Assert.InRange(counter.Count, 200, 402);
        Assert.InRange(device.Plans.Count, 1, 5);
    }

    [Fact]
    public void A_value_and_its_gradient_are_computed_together()
    {
        var counter = new Counter();
        (Tensor value, Tensor gradient) = Differentiation.ValueAndGrad(
            x => Tensor.Sum(Tensor.Exp(CountedOp.Of(x, counter))),
            Tensor.Of(0, 1)
        );
        Assert.Equal(0, counter.Count);
        Assert.Equal(1 + Math.E, value.ToDouble(), 1e-12);
        Assert.NotNull(gradient.Value);
        Assert.Equal([1, Math.E], gradient.ToArray(), (a, b) => Math.Abs(a - b) < 1e-14);
        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public void Another_number_does_not_make_another_plan()
    {
        var device = new Device(Device.Cpu.Backend);
        var evaluation = new Evaluation(device);
        for (int i = 0; i < 5; i++)
        {
            Tensor y = Tensor.Exp(Tensor.Of(1, 2, 3) * i) - (7.5 * i);
            evaluation.Evaluate([y]);
            Assert.Equal(Math.Exp(1.0 * i) - (7.5 * i), y.ToArray()[0], 1e-12);
            Assert.Equal(1, device.Plans.Count);
        }
    }

    [Fact]
    public void A_pullback_works_after_its_value_was_read()
    {
        (Tensor value, Func<Tensor, Tensor> pullback) = Differentiation.Vjp<Tensor, Tensor>(
            x => CountedOp.Of(x * x, new Counter(), costly: true) * x,
            Tensor.Of(2.0)
        );
        Assert.Equal(8.0, value.ToDouble());
        Assert.Equal(12.0, pullback(Tensor.Of(1.0)).ToDouble());
        Assert.Equal(24.0, pullback(Tensor.Of(2.0)).ToDouble());
    }

    [Fact]
    public void A_pullback_finds_what_the_value_was_computed_with()
    {
        var counter = new Counter();
        (Tensor value, Func<Tensor, Tensor> pullback) = Differentiation.Vjp<Tensor, Tensor>(
            x => CountedSquareOp.Of(x * 2.0, counter),
            Tensor.Of(1.0, 3.0)
        );
        Assert.Equal([4.0, 36.0], value.ToArray());
        Assert.Equal([8.0, 24.0], pullback(Tensor.Of(1.0, 1.0)).ToArray());
        Assert.Equal([16.0, 0.0], pullback(Tensor.Of(2.0, 0.0)).ToArray());
        Assert.Equal(1, counter.Count);
    }

    [Fact]
    public void A_pullback_of_a_long_chain_works_after_its_value_was_read()
    {
        (Tensor value, Func<Tensor, Tensor> pullback) = Differentiation.Vjp<Tensor, Tensor>(Square, Tensor.Of(1.0));
        value.ToDouble();
        Tensor gradient = Differentiation.Grad(x => Tensor.Sum(Square(x)), Tensor.Of(1.0));
        Assert.Equal(gradient.ToDouble(), pullback(Tensor.Of(1.0)).ToDouble(), 1e-12);

        static Tensor Square(Tensor x)
        {
            for (int i = 0; i < 3000; i++)
                x = CountedOp.Of(x - (1e-4 * x * x), new Counter(), costly: i % 100 == 0);
            return x;
        }
    }
}
