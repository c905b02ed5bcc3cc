using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Transforms;

public sealed class CustomDerivativeTests
{
    private static readonly Tensor X = Tensor.Of(0.3, -0.6, 1.1);

    [Fact]
    public void Both_modes_use_the_users_vjp()
    {
        // The rule is three times the true derivative of x².
        Tensor gradient = Differentiation.Grad((Tensor x) => Tensor.Sum(Tripled(x)), X);
        Tensor tangent = Differentiation.Jvp(Tripled, X, Tensor.OnesLike(X)).Tangent;
        Assert.Equal((X * X).ToArray(), Tripled(X).ToArray());
        Close.Elementwise((6.0 * X).ToArray(), gradient.ToArray(), 1e-15);
        Close.Elementwise((6.0 * X).ToArray(), tangent.ToArray(), 1e-15);
    }

    [Fact]
    public void The_second_derivative_is_the_derivative_of_the_rule_in_every_mix_of_modes()
    {
        Func<Tensor, Tensor> f = x => Tensor.Sum(Tripled(x) * x);
        // With y = x² and y' := 6x: (xy)' = y + 6x², (xy)'' = 6x + 12x = 18x.
        double[] expected = (18.0 * X).ToArray();
        Tensor ones = Tensor.OnesLike(X);
        Tensor reverse = Differentiation.Grad((Tensor x) => Tensor.Sum(Differentiation.Grad(f, x)), X);
        Tensor mixed = Differentiation.Jvp((Tensor x) => Differentiation.Grad(f, x), X, ones).Tangent;
        Tensor mixed2 = Differentiation.Grad((Tensor x) => Differentiation.Jvp(f, x, ones).Tangent, X);
        Close.Elementwise(expected, reverse.ToArray(), 1e-14);
        Close.Elementwise(expected, mixed.ToArray(), 1e-14);
        Close.Elementwise(expected, mixed2.ToArray(), 1e-14);
    }

    [Fact]
    public void Forward_mode_prefers_the_users_jvp()
    {
        Func<Tensor, Tensor> f = x =>
            CustomDerivatives.Apply(
                (Tensor t) => t * t,
                (t, y, cotangent) => 6.0 * t * cotangent,
                (t, y, tangent) => 10.0 * t * tangent + 0.0 * y,
                x
            );
        Close.Elementwise((10.0 * X).ToArray(), Differentiation.Jvp(f, X, Tensor.OnesLike(X)).Tangent.ToArray(), 1e-15);
        Close.Elementwise(
            (6.0 * X).ToArray(),
            Differentiation.Grad((Tensor x) => Tensor.Sum(f(x)), X).ToArray(),
            1e-15
        );
    }

    [Fact]
    public void A_rule_may_capture_what_is_differentiated_and_its_derivative_follows()
    {
        // y = x², rule: x̄ = a·x·ȳ; d/da of Σ∂y/∂x is Σx.
        Func<Tensor, Tensor> total = a =>
            Tensor.Sum(
                Differentiation.Grad(
                    (Tensor x) =>
                        Tensor.Sum(CustomDerivatives.Apply((Tensor t) => t * t, (t, _, w) => a * t * w, null, x)),
                    X
                )
            );
        double sum = Tensor.Sum(X).ToDouble();
        Close.Elementwise([sum], [Differentiation.Grad(total, Tensor.Scalar(2.0)).ToDouble()], 1e-15);
    }

    [Fact]
    public void Under_vmap_each_item_has_its_own_derivative_and_shared_arguments_sum()
    {
        Tensor scale = Tensor.Scalar(2.0);
        Func<(Tensor S, Tensor X), Tensor> f = t =>
            CustomDerivatives.Apply(
                ((Tensor S, Tensor X) p) => p.S * p.X * p.X,
                (p, _, w) => (p.X * p.X * w, 6.0 * p.S * p.X * w),
                null,
                t
            );
        (Tensor ds, Tensor dx) = Differentiation.Grad(
            ((Tensor S, Tensor X) t) => Tensor.Sum(Vectorisation.Vmap((Tensor x) => f((t.S, x)), t.X)),
            (scale, X)
        );
        Close.Elementwise([Tensor.Sum(X * X).ToDouble()], [ds.ToDouble()], 1e-14);
        Close.Elementwise((12.0 * X).ToArray(), dx.ToArray(), 1e-14);
        Tensor each = Vectorisation.Vmap((Tensor x) => Differentiation.Grad((Tensor at) => f((scale, at)), x), X);
        Close.Elementwise((12.0 * X).ToArray(), each.ToArray(), 1e-14);
    }

    [Fact]
    public void It_works_as_the_step_of_a_scan_whose_carry_its_rule_captures()
    {
        Func<Tensor, Tensor> f = c0 =>
            Loops
                .Scan(
                    (Tensor c, Tensor x) =>
                    {
                        Tensor y = CustomDerivatives.Apply(
                            (Tensor t) => t * t,
                            (t, _, w) => 2.0 * t * w + 0.0 * c,
                            null,
                            c
                        );
                        return (y * x, c);
                    },
                    c0,
                    X
                )
                .Carry;
        Func<Tensor, Tensor> plain = c => Square(Square(Square(c, 0), 1), 2);
        Tensor at = Tensor.Scalar(1.3);
        Close.Elementwise(
            [Differentiation.Grad(plain, at).ToDouble()],
            [Differentiation.Grad(f, at).ToDouble()],
            1e-13
        );

        static Tensor Square(Tensor c, int i) => c * c * X.ToArray()[i];
    }

    [Fact]
    public void A_captured_tensor_that_is_differentiated_is_refused_by_name()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            Differentiation.Grad(
                (Tensor a) => Tensor.Sum(CustomDerivatives.Apply((Tensor t) => a * t, (t, _, w) => w, null, X)),
                X
            )
        );
        Assert.StartsWith(
            "[customDerivative] the function must not capture a tensor that is being differentiated",
            error.Message
        );
        Assert.EndsWith("Received captured tensor 1 of 1, the float64[3] of variable.", error.Message);
    }

    [Fact]
    public void A_rule_of_the_wrong_type_is_refused()
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            CustomDerivatives.Apply((Tensor t) => Tensor.Sum(t), (t, _, w) => w, null, X)
        );
        Assert.Equal(
            "[customDerivative] what the vjp returns must have the type of the argument, float64[3]. Received float64[].",
            error.Message
        );
    }

    private static Tensor Tripled(Tensor x) =>
        CustomDerivatives.Apply((Tensor t) => t * t, (t, y, cotangent) => 6.0 * t * cotangent, null, x);
}
