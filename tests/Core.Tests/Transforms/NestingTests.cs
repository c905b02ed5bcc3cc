using Implicit.Control;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Transforms;

/// <summary>Transforms inside transforms, against derivatives known in closed form.</summary>
public sealed class NestingTests
{
    [Fact]
    public void Grad_of_x_times_the_derivative_of_x_plus_y_does_not_confuse_the_two()
    {
        // d/dx [x · d/dy (x + y)] = 1; a confused inner derivative would give 2.
        Tensor two = Tensor.Scalar(2.0);
        Tensor reverse = Differentiation.Grad(
            (Tensor x) => x * Differentiation.Grad((Tensor y) => x + y, Tensor.Scalar(1.0)),
            two
        );
        Tensor forward = Along(x => x * Along(y => x + y, Tensor.Scalar(1.0)), two);
        Tensor mixed = Along(x => x * Differentiation.Grad((Tensor y) => x + y, Tensor.Scalar(1.0)), two);
        Tensor mixed2 = Differentiation.Grad((Tensor x) => x * Along(y => x + y, Tensor.Scalar(1.0)), two);
        Assert.Equal([1.0, 1.0, 1.0, 1.0], Probe.Flat(reverse, forward, mixed, mixed2));
    }

    [Fact]
    public void The_inner_derivative_at_the_outer_variable_is_differentiated_through_its_point()
    {
        // d/dx [x · d/dy (x·y²) at y = x] = d/dx [2x³] = 6x².
        Func<Tensor, Tensor> inner = x => x * Differentiation.Grad((Tensor y) => x * y * y, x);
        Assert.Equal(24.0, Differentiation.Grad(inner, Tensor.Scalar(2.0)).ToDouble());
        Assert.Equal(24.0, Along(inner, Tensor.Scalar(2.0)).ToDouble());
    }

    [Fact]
    public void Any_word_of_grads_and_jvps_differentiates_exp_of_the_square_as_often()
    {
        // f = exp(x²/2): f' = x f, f'' = (x² + 1) f, f''' = (x³ + 3x) f, f'''' = (x⁴ + 6x² + 3) f.
        double x = 0.7;
        double f = Math.Exp(x * x / 2.0);
        double[] expected =
        [
            x * f,
            (x * x + 1.0) * f,
            (x * x * x + 3.0 * x) * f,
            (x * x * x * x + 6.0 * x * x + 3.0) * f,
        ];
        for (int word = 0; word < 16; word++)
        {
            Func<Tensor, Tensor> g = t => Tensor.Exp(t * t / 2.0);
            for (int order = 0; order < 4; order++)
            {
                Func<Tensor, Tensor> before = g;
                g = (word >> order & 1) == 0 ? t => Differentiation.Grad(before, t) : t => Along(before, t);
                Close.Elementwise([expected[order]], [g(Tensor.Scalar(x)).ToDouble()], 1e-13);
            }
        }
    }

    /// <summary>
    /// Such a slope has a number, and the value that would be computed together with it has none: it depends on an argument of the loop, also after the
    /// outer derivative, which hid it too, is traced.
    /// </summary>
    [Fact]
    public void A_slope_that_does_not_depend_on_its_point_may_be_taken_in_what_is_traced()
    {
        Tensor x = Tensor.Of(0.5, 0.25);
        Tensor points = Tensor.Of(
            new double[,]
            {
                { 1, 2 },
                { 3, 4 },
                { 5, 6 },
            }
        );
        Func<Tensor, Tensor> mapped = x => Vectorisation.Vmap(at => Slope(x, at) * at, points);
        Func<Tensor, Tensor> looped = x =>
            Loops.Scan((Tensor _, Tensor at) => (at, Slope(x, at) * at), x, points).Outputs;
        Func<Tensor, Tensor> flowing = x =>
            Ode.Integrate((_, y) => Slope(x, y), Tensor.Of(0.0, 1.0), Tensor.Zeros([2]));
        Assert.Equal([9.0, 6.0], Differentiation.Grad(x => Tensor.Sum(mapped(x)), x).ToArray());
        Assert.Equal([9.0, 6.0], Differentiation.Grad(x => Tensor.Sum(looped(x)), x).ToArray());
        Close.Elementwise([1.0, 0.5], Differentiation.Grad(x => Tensor.Sum(flowing(x)), x).ToArray(), 1e-12);

        // d/du Σ u·x² = x²
        static Tensor Slope(Tensor x, Tensor at) => Differentiation.Grad(u => Tensor.Sum(u * x * x), at);
    }

    [Fact]
    public void Vmap_of_grad_is_grad_of_the_sum_of_vmap()
    {
        Tensor xs = Tensor.Of(0.1, -0.4, 1.3);
        Func<Tensor, Tensor> f = x => Tensor.Exp(x * x) / (1.0 + x);
        Tensor vmapOfGrad = Vectorisation.Vmap((Tensor x) => Differentiation.Grad(f, x), xs);
        Tensor gradOfVmap = Differentiation.Grad((Tensor all) => Tensor.Sum(Vectorisation.Vmap(f, all)), xs);
        Tensor jvpOfVmap = Differentiation
            .Jvp((Tensor all) => Vectorisation.Vmap(f, all), xs, Tensor.OnesLike(xs))
            .Tangent;
        Close.Elementwise(gradOfVmap.ToArray(), vmapOfGrad.ToArray(), 1e-14);
        Close.Elementwise(gradOfVmap.ToArray(), jvpOfVmap.ToArray(), 1e-14);
    }

    [Fact]
    public void Jvp_of_vmap_of_hessian_is_the_directional_third_derivative_of_each_item()
    {
        // f(x) = Σ exp(xᵢ): ∂²f = diag(exp x), and its derivative along v is diag(v·exp x).
        Tensor xs = Tensor.Of(
            new double[,]
            {
                { 0.1, 0.2 },
                { -0.5, 0.3 },
                { 0.7, -0.9 },
            }
        );
        Tensor vs = Tensor.Of(
            new double[,]
            {
                { 1.0, 2.0 },
                { -1.0, 0.5 },
                { 0.3, 0.4 },
            }
        );
        Func<Tensor, Tensor> f = x => Tensor.Sum(Tensor.Exp(x));
        Tensor tangent = Differentiation
            .Jvp((Tensor all) => Vectorisation.Vmap((Tensor x) => Jacobians.Hessian(f, x), all), xs, vs)
            .Tangent;
        Assert.Equal([3, 2, 2], tangent.Shape.ToArray());
        Tensor expected = Tensor.Diag(vs * Tensor.Exp(xs));
        Close.Elementwise(expected.ToArray(), tangent.ToArray(), 1e-14);
    }

    private static Tensor Along(Func<Tensor, Tensor> f, Tensor x) =>
        Differentiation.Jvp(f, x, Tensor.OnesLike(x)).Tangent;
}
