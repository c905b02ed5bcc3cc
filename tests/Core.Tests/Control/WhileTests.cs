using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Control;

public sealed class WhileTests
{
    [Fact]
    public void It_stops_when_the_condition_fails_and_may_not_begin()
    {
        // Collatz: 27 needs 111 steps.
        (Tensor n, Tensor steps) = Loops.While(
            ((Tensor N, Tensor Steps) s) => s.N > 1.0,
            ((Tensor N, Tensor Steps) s) =>
            {
                Tensor half = s.N / 2.0;
                return (Tensor.Where(Tensor.Equal(Tensor.Floor(half), half), half, 3.0 * s.N + 1.0), s.Steps + 1.0);
            },
            (Tensor.Scalar(27.0), Tensor.Scalar(0.0))
        );
        Assert.Equal([1.0, 111.0], Probe.Flat(n, steps));
        Tensor none = Loops.While((Tensor s) => s > 0.0, s => s - 1.0, Tensor.Scalar(-3.0));
        Assert.Equal(-3.0, none.ToDouble());
    }

    [Fact]
    public void Forward_mode_of_every_order_goes_through_the_state_and_what_was_captured()
    {
        // Newton's square root of a: its derivatives in a are those of √a.
        Func<Tensor, Tensor> root = a =>
            Loops.While((Tensor x) => Tensor.Abs(x * x - a) > 1e-14, x => 0.5 * (x + a / x), 1.0 + 0.0 * a);
        Func<Tensor, Tensor> more = a => Once(root, a);
        Tensor at = Tensor.Scalar(2.0);
        Tensor first = Along(more, at);
        Tensor second = Along(a => Along(more, a), at);
        Close.Elementwise([Math.Sqrt(2.0)], [root(at).ToDouble()], 1e-14);
        Close.Elementwise([0.5 / Math.Sqrt(2.0)], [first.ToDouble()], 1e-9);
        Close.Elementwise([-0.25 / (2.0 * Math.Sqrt(2.0))], [second.ToDouble()], 1e-9);
        Tensor jacobian = Jacobians.JacobianForward(root, at);
        Close.Elementwise([0.5 / Math.Sqrt(2.0)], [jacobian.ToDouble()], 1e-6);

        // Derivatives converge a step behind the value, so two more steps are taken with them.
        static Tensor Once(Func<Tensor, Tensor> f, Tensor a)
        {
            Tensor x = f(a);
            x = 0.5 * (x + a / x);
            return 0.5 * (x + a / x);
        }
    }

    [Fact]
    public void Each_item_of_a_batch_stops_by_itself_and_equals_its_own_run()
    {
        Func<Tensor, Tensor> halve = x => Loops.While((Tensor s) => s > 1.0, s => s * 0.7, x);
        Tensor xs = Tensor.Of(100.0, 0.5, 3.0);
        double[] own = [.. xs.ToArray().Select(x => halve(Tensor.Scalar(x)).ToDouble())];
        Assert.Equal(own, Vectorisation.Vmap(halve, xs).ToArray());
        Tensor slopes = Vectorisation.Vmap((Tensor x) => Along(halve, x), xs);
        Close.Elementwise([own[0] / 100.0, 1.0, own[2] / 3.0], slopes.ToArray(), 1e-14);
    }

    [Fact]
    public void Reverse_mode_is_refused_with_what_to_use_instead()
    {
        Func<Tensor, Tensor> f = x => Loops.While((Tensor s) => s > 1.0, s => s * 0.7, x);
        TensorException error = Assert.Throws<TensorException>(() => Differentiation.Grad(f, Tensor.Scalar(3.0)));
        Assert.StartsWith(
            "[whileLoop] a loop of unknown length must not be differentiated in reverse mode: use scan",
            error.Message
        );
        Assert.Contains("fixedPoint", error.Message);
    }

    [Fact]
    public void A_loop_that_does_not_end_is_an_error_that_names_the_limit_and_the_item()
    {
        Func<Tensor, Tensor> f = x => Loops.While((Tensor s) => s > 0.0, s => s * 2.0, x, maxSteps: 50);
        TensorException alone = Assert.Throws<TensorException>(() => f(Tensor.Scalar(1.0)).ToDouble());
        Assert.Equal(
            "[whileLoop] the condition must become false within maxSteps. Received a condition that still holds after 50 steps.",
            alone.Message
        );
        TensorException item = Assert.Throws<TensorException>(() =>
            Vectorisation.Vmap(f, Tensor.Of(-1.0, 1.0)).ToArray()
        );
        Assert.EndsWith("This was item 1 of 2.", item.Message);
    }

    [Fact]
    public void A_step_that_changes_the_type_of_the_state_is_refused()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            Loops.While((Tensor s) => Tensor.Sum(s) > 0.0, s => Tensor.Of(1.0, 2.0) * s, Tensor.Scalar(1.0))
        );
        Assert.Equal(
            "[whileLoop] what a step hands on must have the type of what it gets, float64[]. Received float64[2].",
            error.Message
        );
    }

    private static Tensor Along(Func<Tensor, Tensor> f, Tensor x) =>
        Differentiation.Jvp(f, x, Tensor.OnesLike(x)).Tangent;
}
