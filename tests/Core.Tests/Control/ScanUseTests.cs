using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Control;

/// <summary>Scan as a user meets it: trees, plain counts, empty loops, types, errors, memory.</summary>
public sealed class ScanUseTests
{
    [Fact]
    public void Carries_elements_and_outputs_are_trees_of_any_type()
    {
        var init = (Sum: Tensor.Scalar(0.0), Count: Tensor.Of([0L]));
        var xs = new Dictionary<string, Tensor> { ["a"] = Tensor.Of(1.0, 2.0, 3.0), ["b"] = Tensor.Of([5L, 6L, 7L]) };
        (var carry, Tensor[] outputs) = Loops.Scan(
            ((Tensor Sum, Tensor Count) c, Dictionary<string, Tensor> x) =>
                ((c.Sum + x["a"], c.Count + x["b"]), new[] { c.Sum, x["a"] * 2.0 }),
            init,
            xs
        );
        Assert.Equal(6.0, carry.Sum.ToDouble());
        Assert.Equal([18L], carry.Count.ToArray<long>());
        Assert.Equal([0.0, 1.0, 3.0], outputs[0].ToArray());
        Assert.Equal([2.0, 4.0, 6.0], outputs[1].ToArray());
    }

    [Fact]
    public void Numbers_of_a_step_keep_the_sign_of_zero()
    {
        (Tensor carry, _) = Loops.Scan(
            (Tensor c, Tensor[] _) => (c + (1.0 / (c * 0.0 + Tensor.Scalar(0.0))) - (1.0 / (c * -0.0)), c),
            Tensor.Scalar(1.0),
            [],
            length: 1
        );
        Assert.Equal(double.PositiveInfinity, carry.ToDouble());
    }

    [Fact]
    public void A_count_takes_the_place_of_sequences_and_may_be_zero()
    {
        Func<int, Tensor, (Tensor, Tensor)> run = (steps, x) =>
            Loops.Scan((Tensor c, Tensor[] _) => (c * x, c), Tensor.Scalar(1.0), [], length: steps);
        Tensor two = Tensor.Scalar(2.0);
        Assert.Equal(1024.0, run(10, two).Item1.ToDouble());
        Assert.Equal(5120.0, Differentiation.Grad((Tensor x) => run(10, x).Item1, two).ToDouble());
        Assert.Equal(1.0, run(0, two).Item1.ToDouble());
        Assert.Equal([0], run(0, two).Item2.Shape.ToArray());
        Assert.Equal(0.0, Differentiation.Grad((Tensor x) => run(0, x).Item1, two).ToDouble());
    }

    [Fact]
    public void Float32_stays_float32_in_values_and_gradients()
    {
        Tensor xs = Tensor.Of([0.5f, 0.25f]);
        Func<Tensor, Tensor> f = t =>
            Loops.Scan((Tensor c, Tensor x) => (c * x + x, c), Tensor.Scalar(1.0, DType.Float32), t).Carry;
        Assert.Equal(DType.Float32, f(xs).DType);
        Assert.Equal([0.5f, 2.0f], Differentiation.Grad(f, xs).ToArray<float>());
    }

    [Fact]
    public void The_gradient_by_one_input_computes_nothing_for_the_others()
    {
        // The integer carry and the sequence have no part in ∂/∂c; the loop runs all the same.
        Func<Tensor, Tensor> f = c0 =>
            Loops
                .Scan(
                    ((Tensor C, Tensor I) c, Tensor x) => ((c.C * x, c.I + Tensor.Of([1L])), c.I),
                    (c0, Tensor.Of([0L])),
                    Tensor.Of(2.0, 3.0, 5.0)
                )
                .Carry.Item1;
        Assert.Equal(30.0, Differentiation.Grad(f, Tensor.Scalar(1.0)).ToDouble());
        Assert.Equal(
            0.0,
            Differentiation.Grad((Tensor c) => Differentiation.Grad(f, c), Tensor.Scalar(1.0)).ToDouble()
        );
    }

    [Fact]
    public void A_long_loop_over_large_carries_is_walked_back_in_pieces_of_a_fixed_memory()
    {
        // 10 000 carries of 8 kB are 80 MB; the walk back keeps 32 MB of them, and as much again for a piece.
        const int Steps = 10_000;
        Func<Tensor, Tensor> f = a =>
            Tensor.Sum(Loops.Scan((Tensor c, Tensor[] _) => (c * a + 0.001, c), Tensor.Ones([1000]), [], Steps).Carry);
        double found = Differentiation.Grad(f, Tensor.Scalar(0.999)).ToDouble();
        // The carry stays at its fixed point 0.001/(1 − 0.999) = 1, where dc/da = Σ aᵏ.
        Close.Elementwise([1000.0 * (1.0 - Math.Pow(0.999, Steps)) / 0.001], [found], 1e-9);
        Assert.Equal(4194, Checkpoints.SlotsFor(Steps, 8000));
        Assert.Equal(4194, Checkpoints.SlotsFor(1_000_000, 8000));
        Assert.Equal(1000, Checkpoints.SlotsFor(1_000_000, 1L << 30));
        Assert.Equal(Steps, Checkpoints.SlotsFor(Steps, 80));
    }

    [Fact]
    public void What_does_not_fit_a_loop_is_refused_with_what_came()
    {
        Tensor c = Tensor.Scalar(1.0);
        Tensor x = Tensor.Of(1.0, 2.0);
        AssertRefused(
            () => Loops.Scan((Tensor a, Tensor e) => (Tensor.Of(1.0, 2.0) * a, e), c, x),
            "[scan] what a step hands on must have the type of what it gets, float64[]. Received float64[2]."
        );
        AssertRefused(
            () => Loops.Scan((Tensor a, (Tensor, Tensor) e) => (a, e.Item1), c, (x, Tensor.Of(1.0))),
            "[scan] all sequences must have the same number of steps, 2. Received float64[1]."
        );
        AssertRefused(
            () => Loops.Scan((Tensor a, Tensor e) => (a, e), c, c),
            "[scan] every sequence must have an axis of steps in front. Received float64[]."
        );
        AssertRefused(
            () => Loops.Scan((Tensor a, Tensor[] _) => (a, a), c, []),
            "[scan] the number of steps must be known: give sequences or a length. Received no length."
        );
        TensorException read = Assert.Throws<TensorException>(() =>
            Loops.Scan((Tensor a, Tensor e) => a.ToDouble() > 0.0 ? (a, e) : (e, a), c, x)
        );
        Assert.StartsWith("[scan] a value must not be read while scan traces", read.Message);
    }

    private static void AssertRefused(Action call, string message) =>
        Assert.Equal(message, Assert.Throws<TensorException>(call).Message);

    /// <summary>Both derivatives read what the loop left for them, from pieces of a graph that is too long for one plan.</summary>
    [Fact]
    public void A_loop_has_second_derivatives_before_any_number_of_operations()
    {
        Tensor x = Tensor.Of(0.3, 0.5, -0.2);
        Tensor inParts = Tensor.Zeros([3]);
        for (int k = 0; k < 2000; k += 100)
            inParts += Hvp(k, 100);
        Close.Elementwise(inParts.ToArray(), Hvp(0, 2000).ToArray(), 1e-10);

        Tensor Hvp(int first, int count) =>
            Differentiation.Grad(u => Tensor.Sum(Differentiation.Grad(v => Loss(v, first, count), u) * x), x);

        static Tensor Loss(Tensor x, int first, int count)
        {
            (Tensor end, _) = Loops.Scan(
                (Tensor c, Tensor[] _) => (Tensor.Sin(c + (0.3 * x)), Array.Empty<Tensor>()),
                x,
                [],
                length: 4
            );
            return Tensor.Sum(
                Tensor.Stack([.. Enumerable.Range(first, count).Select(k => Tensor.Sin(end * (1 + (k * 1e-3))))])
            );
        }
    }
}
