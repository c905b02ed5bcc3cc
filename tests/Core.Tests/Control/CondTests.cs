using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Control;

public sealed class CondTests
{
    private static readonly Tensor W = Tensor.Scalar(1.7);

    [Theory]
    [InlineData(2.0)]
    [InlineData(-2.0)]
    public void The_chosen_branch_gives_value_and_all_derivatives(double at)
    {
        Func<Tensor[], Tensor> chosen = t => at > 0.0 ? Positive(t[0], t[1]) : Negative(t[0], t[1]);
        Func<Tensor[], Tensor> f = t => Chosen(t[0], t[1]);
        Tensor[] x = [Tensor.Scalar(at), W];
        Assert.Equal(chosen(x).ToDouble(), f(x).ToDouble());
        ScanTests.AssertClose(Differentiation.Grad(chosen, x), Differentiation.Grad(f, x));
        ScanTests.AssertClose([Differentiation.Jvp(chosen, x, x).Tangent], [Differentiation.Jvp(f, x, x).Tangent]);
        foreach ((string name, Func<Func<Tensor[], Tensor>, Tensor[]> derivative) in ScanTests.Mixes(x, [W, W]))
            ScanTests.AssertClose(derivative(chosen), derivative(f), name);
    }

    [Fact]
    public void Each_item_of_a_batch_chooses_and_nothing_undefined_leaks_from_the_other_branch()
    {
        // √ and 1/x are undefined, or have undefined derivatives, where they are not chosen.
        Func<Tensor, Tensor> f = x =>
            Branches.Cond(x > 0.0, (Tensor t) => Tensor.Sqrt(t), (Tensor t) => Tensor.Exp(t), x);
        Tensor xs = Tensor.Of(4.0, 0.0, -1.0, 0.25);
        double[] values = [2.0, 1.0, Math.Exp(-1.0), 0.5];
        double[] slopes = [0.25, 1.0, Math.Exp(-1.0), 1.0];
        double[] bends = [-1.0 / 32.0, 1.0, Math.Exp(-1.0), -2.0];
        Func<Tensor, Tensor> slope = x => Differentiation.Grad(f, x);
        Close.Elementwise(values, Vectorisation.Vmap(f, xs).ToArray(), 1e-15);
        Close.Elementwise(slopes, Vectorisation.Vmap(slope, xs).ToArray(), 1e-15);
        Close.Elementwise(
            slopes,
            Differentiation.Grad((Tensor all) => Tensor.Sum(Vectorisation.Vmap(f, all)), xs).ToArray(),
            1e-15
        );
        Close.Elementwise(bends, Vectorisation.Vmap((Tensor x) => Differentiation.Grad(slope, x), xs).ToArray(), 1e-15);
    }

    [Fact]
    public void What_a_branch_computes_from_captured_tensors_alone_belongs_to_it()
    {
        // Neither branch uses the argument; √ has no derivative at 0, and its branch is not chosen there.
        Func<Tensor, Tensor> f = x =>
            Branches.Cond(
                x > 0.0,
                (Tensor _) => Tensor.Sqrt(x) * 2.0,
                (Tensor _) => x * 3.0 + Tensor.Sum(Tensor.Of(1.0, 2.0)),
                W
            );
        Assert.Equal(3.0, f(Tensor.Scalar(0.0)).ToDouble());
        Assert.Equal(3.0, Differentiation.Grad(f, Tensor.Scalar(0.0)).ToDouble());
        Assert.Equal(3.0, Jacobians.JacobianForward(f, Tensor.Scalar(0.0)).ToDouble());
        Assert.Equal(0.5, Differentiation.Grad(f, Tensor.Scalar(4.0)).ToDouble());
        Tensor both = Vectorisation.Vmap((Tensor x) => Differentiation.Grad(f, x), Tensor.Of(0.0, 4.0));
        Assert.Equal([3.0, 0.5], both.ToArray());
    }

    [Fact]
    public void A_batch_with_one_condition_is_one_choice()
    {
        Tensor xs = Tensor.Of(1.0, 2.0, 3.0);
        Func<Tensor, Tensor> f = x => Branches.Cond(W > 0.0, (Tensor t) => t * W, (Tensor t) => t, x);
        Assert.Equal((xs * W).ToArray(), Vectorisation.Vmap(f, xs).ToArray());
        Assert.Equal([1.7, 1.7, 1.7], Vectorisation.Vmap((Tensor x) => Differentiation.Grad(f, x), xs).ToArray());
    }

    [Fact]
    public void Only_the_chosen_branch_runs()
    {
        // The other one would loop until it is stopped.
        Func<Tensor, Tensor> endless = t => Loops.While((Tensor s) => s < s + 1.0, s => s, t, maxSteps: 10);
        Func<bool, Tensor> f = choose =>
            Branches.Cond(
                Tensor.Cast(Tensor.Scalar(choose ? 1.0 : 0.0), DType.Bool),
                endless,
                (Tensor t) => t + 1.0,
                W
            );
        Assert.Equal(2.7, f(false).ToDouble());
        Assert.Throws<TensorException>(() => f(true).ToDouble());
    }

    [Fact]
    public void Branches_of_different_types_and_conditions_that_are_no_truth_value_are_refused()
    {
        TensorException types = Assert.Throws<TensorException>(() =>
            Branches.Cond(W > 0.0, (Tensor t) => t, (Tensor t) => Tensor.Of(1.0, 2.0) * t, W)
        );
        Assert.Equal(
            "[cond] both branches must return the same types. Received (float64[]) and (float64[2]).",
            types.Message
        );
        TensorException condition = Assert.Throws<TensorException>(() =>
            Branches.Cond(W, (Tensor t) => t, (Tensor t) => t, W)
        );
        Assert.Equal(
            "[cond] the condition must be one truth value (a comparison of scalars). Received float64[].",
            condition.Message
        );
    }

    private static Tensor Chosen(Tensor x, Tensor w) =>
        Branches.Cond(x > 0.0, (Tensor t) => Positive(t, w), (Tensor t) => Negative(t, w), x);

    private static Tensor Positive(Tensor x, Tensor w) => Tensor.Log(x) * w * w + x * x * x;

    private static Tensor Negative(Tensor x, Tensor w) => Tensor.Exp(x * w) / x;
}
