using Implicit.Graph;
using Implicit.Tests.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Transforms;

public sealed class CheckpointTests
{
    private static readonly Tensor X = Tensor.Of(0.3, -0.6, 1.1);
    private static readonly Tensor W = Tensor.Of(1.2, 0.4, -0.8);

    [Fact]
    public void Values_and_all_derivatives_are_those_of_the_function()
    {
        Func<Tensor[], Tensor> f = t => Tensor.Sum(Layer(Layer(t[0], t[1]), t[1]));
        Func<Tensor[], Tensor> g = t => Tensor.Sum(Kept(Kept(t[0], t[1]), t[1]));
        Tensor[] x = [X, W];
        Assert.Equal(f(x).ToDouble(), g(x).ToDouble());
        ScanTests.AssertClose(Differentiation.Grad(f, x), Differentiation.Grad(g, x));
        foreach ((string name, Func<Func<Tensor[], Tensor>, Tensor[]> derivative) in ScanTests.Mixes(x, [W, X]))
            ScanTests.AssertClose(derivative(f), derivative(g), name);
    }

    [Fact]
    public void Under_vmap_it_is_the_function_of_each_item()
    {
        Tensor xs = Tensor.Of(
            new double[,]
            {
                { 0.1, 0.2, 0.3 },
                { -0.4, 0.5, 0.6 },
            }
        );
        Func<Tensor, Tensor> gradient = x => Differentiation.Grad((Tensor at) => Tensor.Sum(Kept(at, W)), x);
        Func<Tensor, Tensor> expected = x => Differentiation.Grad((Tensor at) => Tensor.Sum(Layer(at, W)), x);
        Close.Elementwise(
            Vectorisation.Vmap(expected, xs).ToArray(),
            Vectorisation.Vmap(gradient, xs).ToArray(),
            1e-14
        );
    }

    [Fact]
    public void The_derivative_refers_to_arguments_and_results_but_to_nothing_in_between()
    {
        Tensor inside = X;
        Tensor gradient = Differentiation.Grad(
            (Tensor x) =>
                Tensor.Sum(
                    Checkpointing.Checkpoint(
                        (Tensor t) =>
                        {
                            inside = Tensor.Exp(t * t);
                            return inside * inside;
                        },
                        x
                    )
                ),
            X
        );
        Assert.DoesNotContain(
            Walk.Postorder([gradient], _ => true),
            node => ReferenceEquals(node, inside) || node.Op == inside.Op
        );
        Close.Elementwise((4.0 * X * Tensor.Exp(2.0 * X * X)).ToArray(), gradient.ToArray(), 1e-14);
    }

    private static Tensor Kept(Tensor x, Tensor w) => Checkpointing.Checkpoint((Tensor t) => Layer(t, w), x);

    private static Tensor Layer(Tensor x, Tensor w) => Tensor.Exp(-(x * x)) * w + x / (2.0 + w * w);
}
