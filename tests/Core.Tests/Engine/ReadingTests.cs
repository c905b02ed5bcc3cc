using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Engine;

public sealed class ReadingTests
{
    private static readonly Tensor X = Tensor.Of(1, 2);

    [Fact]
    public void A_read_while_tracing_names_the_tracer_and_what_to_use()
    {
        Assert.Equal(Message("grad"), MessageOf(() => Differentiation.Grad(Read, X)));
        Assert.Equal(Message("valueAndGrad"), MessageOf(() => Differentiation.ValueAndGrad(Read, X)));
        Assert.Equal(Message("vjp"), MessageOf(() => Differentiation.Vjp<Tensor, Tensor>(Read, X)));
        Assert.Equal(Message("jvp"), MessageOf(() => Differentiation.Jvp(Read, X, X)));
        Assert.Equal(Message("vmap"), MessageOf(() => Vectorisation.Vmap(Read, Tensor.Ones([3, 2]))));
    }

    [Fact]
    public void Nested_traces_name_the_outermost_that_hides_the_value()
    {
        Assert.Equal(
            Message("vmap"),
            MessageOf(() => Vectorisation.Vmap(x => Differentiation.Grad(Read, x), Tensor.Ones([3, 2])))
        );
        Assert.Equal(
            Message("jvp"),
            MessageOf(() => Differentiation.Jvp(x => Differentiation.Grad(y => Tensor.Sum(y) * Read(x), X), X, X))
        );
    }

    [Fact]
    public void What_does_not_depend_on_the_argument_can_be_read()
    {
        Tensor gradient = Differentiation.Grad(x => Tensor.Sum(x * (X + 1.0).ToArray()[1]), X);
        Assert.Equal([3.0, 3.0], gradient.ToArray());
    }

    [Fact]
    public void Values_can_be_read_when_the_trace_has_closed_also_after_an_error()
    {
        Tensor? leaked = null;
        Assert.Throws<TensorException>(() => Differentiation.Grad(x => Read(leaked = x * 2.0), X));
        Assert.Equal([2.0, 4.0], leaked!.ToArray());
        Assert.Equal([2.0, 2.0], Differentiation.Grad(x => Tensor.Sum(x * 2.0), X).ToArray());
    }

    [Fact]
    public void A_traced_tensor_prints_its_type_only()
    {
        string text = "";
        Differentiation.Grad(
            x =>
            {
                text = $"{x * 2.0}";
                return Tensor.Sum(x);
            },
            X
        );
        Assert.Equal("Tensor float64[2] (traced by grad)", text);
    }

    private static Tensor Read(Tensor x)
    {
        Tensor sum = Tensor.Sum(x);
        return sum.ToDouble() > 0.0 ? sum : -sum;
    }

    private static string Message(string tracer) =>
        $"[{tracer}] a value must not be read while {tracer} traces the function that computes it: there is no number yet. "
        + "Compute with it instead, and use where, cond, whileLoop or scan to branch or loop on it. "
        + "Received a read of a float64[].";

    private static string MessageOf(Action action) => Assert.Throws<TensorException>(action).Message;
}
