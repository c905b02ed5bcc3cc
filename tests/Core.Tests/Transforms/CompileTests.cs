using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Transforms;

/// <summary>A compiled function is the function, traced seldom.</summary>
public sealed class CompileTests
{
    private sealed record Parameters(Tensor W, Tensor B, double Slope);

    private static readonly Parameters Start = new(Tensor.Of(0.5, -2.0), Tensor.Of(1.0, 0.25), 0.1);

    /// <summary>Static, since a captured counter that changes is a capture that changes.</summary>
    private static int calls;

    [Fact]
    public void It_is_traced_once_for_each_form_of_its_argument()
    {
        calls = 0;
        Func<Tensor, Tensor> f = Compile<Tensor, Tensor>(x =>
        {
            calls++;
            return (x * x) + 1.0;
        });
        Assert.Equal([2.0, 5.0], f(Tensor.Of(1, 2)).ToArray());
        Assert.Equal([10.0, 17.0], f(Tensor.Of(3, 4)).ToArray());
        Assert.Equal(1, calls);
        Assert.Equal([2.0], f(Tensor.Of(1.0)).ToArray());
        Assert.Equal(2, calls);
        f(Tensor.Of(7, 8));
        Assert.Equal(2, calls);
    }

    [Fact]
    public void Arguments_and_results_are_trees_and_numbers_in_them_belong_to_the_form()
    {
        calls = 0;
        Func<Parameters, Parameters> f = Compile<Parameters, Parameters>(p =>
        {
            calls++;
            return p with { W = p.W * p.Slope, B = p.B + p.W };
        });
        Parameters found = f(Start);
        Close.Elementwise([0.05, -0.2], found.W.ToArray(), 1e-15);
        Assert.Equal([1.5, -1.75], found.B.ToArray());
        Assert.Equal([5.0, -20.0], f(Start with { Slope = 10.0 }).W.ToArray());
        f(Start);
        Assert.Equal(2, calls);
    }

    [Fact]
    public void A_captured_variable_that_changed_is_seen()
    {
        Tensor w = Tensor.Of(2.0);
        double shift = 1.0;
        Func<Tensor, Tensor> inner = x => (x * w) + shift;
        Func<Tensor, Tensor> f = Compile<Tensor, Tensor>(x => inner(x));
        Assert.Equal(7.0, f(Tensor.Of(3.0)).ToDouble());
        w = Tensor.Of(5.0);
        Assert.Equal(16.0, f(Tensor.Of(3.0)).ToDouble());
        shift = -1.0;
        Assert.Equal(14.0, f(Tensor.Of(3.0)).ToDouble());
    }

    [Fact]
    public void A_captured_object_whose_field_changed_is_seen()
    {
        var box = new Box { Content = Tensor.Of(2.0) };
        Tensor[] weights = [Tensor.Of(1.0)];
        Func<Tensor, Tensor> f = Compile<Tensor, Tensor>(x => (x * box.Content) + weights[0]);
        Assert.Equal(7.0, f(Tensor.Of(3.0)).ToDouble());
        box.Content = Tensor.Of(4.0);
        Assert.Equal(13.0, f(Tensor.Of(3.0)).ToDouble());
        weights[0] = Tensor.Of(-1.0);
        Assert.Equal(11.0, f(Tensor.Of(3.0)).ToDouble());
    }

    [Fact]
    public void A_captured_array_of_numbers_that_changed_is_seen()
    {
        double[] numbers = [1.0, 2.0];
        Func<Tensor, Tensor> f = Compile<Tensor, Tensor>(x => x * Tensor.Of(numbers));
        Assert.Equal([3.0, 6.0], f(Tensor.Of(3.0)).ToArray());
        numbers[1] = 5.0;
        Assert.Equal([3.0, 15.0], f(Tensor.Of(3.0)).ToArray());
    }

    [Fact]
    public void A_compiled_function_that_stands_among_its_own_captures_is_traced_once()
    {
        calls = 0;
        double shift = 1.0;
        Func<Tensor, Tensor>? f = null;
        f = Compile<Tensor, Tensor>(x =>
        {
            calls++;
            return f is null ? x : x + shift;
        });
        f(Tensor.Of(1.0));
        f(Tensor.Of(2.0));
        Assert.Equal(4.0, f(Tensor.Of(3.0)).ToDouble());
        Assert.Equal(1, calls);
    }

    [Fact]
    public void What_a_captured_compiled_function_captured_is_seen_to_change()
    {
        Tensor w = Tensor.Of(2.0);
        Func<Tensor, Tensor> inner = Compile<Tensor, Tensor>(x => x * w);
        Func<Tensor, Tensor> outer = Compile<Tensor, Tensor>(x => inner(x) + 1.0);
        Assert.Equal(7.0, outer(Tensor.Of(3.0)).ToDouble());
        w = Tensor.Of(4.0);
        Assert.Equal(13.0, outer(Tensor.Of(3.0)).ToDouble());
    }

    [Fact]
    public void Derivatives_flow_to_arguments_and_captures_in_every_transform()
    {
        Tensor x = Tensor.Of(0.3, -0.7);
        Func<Tensor, Tensor> Times(Tensor w) => y => Sum(Tanh(w * y) * y);
        Tensor Composed(Tensor w) => Times(w)(x) * Times(w)(w);
        Tensor Compiled(Tensor w) => Compile(Times(w))(x) * Compile(Times(w))(w);
        Tensor w = Tensor.Of(1.1, 0.4);
        Assert.Equal(Composed(w).ToDouble(), Compiled(w).ToDouble(), 1e-15);
        AssertClose(Grad(Composed, w), Grad(Compiled, w), 1e-14);
        AssertClose(Hessian(Composed, w), Hessian(Compiled, w), 1e-13);
        Tensor v = Tensor.Of(1.0, 2.0);
        AssertClose(Jvp(Composed, w, v).Tangent, Jvp(Compiled, w, v).Tangent, 1e-14);
        Tensor batch = Tensor.Stack([w, 2.0 * w], 0);
        AssertClose(Vmap(Composed, batch), Vmap(Compiled, batch), 1e-14);
    }

    [Fact]
    public void A_gradient_can_be_compiled()
    {
        Func<Tensor, Tensor> gradient = Compile<Tensor, Tensor>(x => Grad(y => Sum(y * y * y), x));
        Assert.Equal([3.0, 12.0], gradient(Tensor.Of(1, 2)).ToArray());
        Assert.Equal([27.0, 48.0], gradient(Tensor.Of(3, 4)).ToArray());
    }

    [Fact]
    public void A_solve_can_be_compiled()
    {
        Tensor times = Tensor.Of(0.0, 1.0);
        Func<Tensor, Tensor> end = Compile<Tensor, Tensor>(y0 => Ode.Integrate((t, y) => -y, times, y0)[1]);
        Assert.Equal(Math.Exp(-1.0), end(Tensor.Of(1.0)).ToDouble(), 1e-6);
        Assert.Equal(3.0 * Math.Exp(-1.0), end(Tensor.Of(3.0)).ToDouble(), 1e-6);
    }

    [Fact]
    public void Reading_a_value_inside_is_an_error_that_says_so()
    {
        Func<Tensor, Tensor> f = Compile<Tensor, Tensor>(x => x * x.ToDouble());
        var error = Assert.Throws<TensorException>(() => f(Tensor.Of(1.0)));
        Assert.StartsWith("[compile] a value must not be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_of_numbers_in_the_argument_is_an_error()
    {
        Func<(Tensor, double[]), Tensor> f = Compile<(Tensor X, double[] Weights), Tensor>(p => p.X * p.Weights[0]);
        var error = Assert.Throws<TensorException>(() => f((Tensor.Of(1.0), [2.0])));
        Assert.StartsWith("[compile] the argument must hold", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_may_be_called_from_several_threads()
    {
        Func<Tensor, Tensor> f = Compile<Tensor, Tensor>(x => Sum(x * x));
        double[] found =
        [
            .. Enumerable.Range(0, 1000).AsParallel().AsOrdered().Select(i => f(Tensor.Of(i)).ToDouble()),
        ];
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (double)i * i), found);
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance) =>
        Close.Elementwise(expected.ToArray(), actual.ToArray(), tolerance);

    private sealed class Box
    {
        public required Tensor Content { get; set; }
    }
}
