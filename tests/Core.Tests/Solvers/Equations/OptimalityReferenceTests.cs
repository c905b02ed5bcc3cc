using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Minimisers with answers known to many digits, and the derivatives of first and second order that follow from their equations.</summary>
public sealed class OptimalityReferenceTests
{
    /// <summary>½‖Xw − y‖² + ½λ‖w‖², by λ: as a root of its equations, a fit of residuals, a smooth and a quadratic minimum.</summary>
    [Theory]
    [InlineData("root")]
    [InlineData("least squares")]
    [InlineData("minimise")]
    [InlineData("quadratic program")]
    public void Ridge_regression(string by)
    {
        Tensor x = Tensor.Of([1.0, 2.0, 3.0, 4.0, 5.0, 7.0], [3, 2]);
        Tensor y = Tensor.Of(1.0, 0.0, 2.0);
        Tensor Objective(Tensor w, Tensor l) => (0.5 * Sumsq(MatMul(x, w) - y)) + (0.5 * l * Sumsq(w));
        Tensor Fit(Tensor l) =>
            by switch
            {
                "root" => Root(w => MatMul(x.T, MatMul(x, w) - y) + (l * w), Zeros([2])),
                "least squares" => LeastSquares(w => (MatMul(x, w) - y, Sqrt(l) * w), Zeros([2])),
                "minimise" => Argmin(Minimise((Tensor w) => Objective(w, l)), Zeros([2]), new MinimiseOptions()),
                _ => Argmin(Minimise((Tensor w) => Objective(w, l)), Zeros([2])),
            };
        Tensor at = Scalar(0.5);
        Close.Elementwise([-0.29433962264151, 0.4377358490566], Fit(at).ToArray(), 1e-10);
        Close.Elementwise([0.63253826984692, -0.45226059095763], Jacobian(Fit, at).ToArray(), 1e-10);
        Close.Elementwise([0.63253826984692, -0.45226059095763], JacobianForward(Fit, at).ToArray(), 1e-10);
        Tensor second = Jacobian(l => Jacobian(Fit, l), at);
        Close.Elementwise([-1.9961412441142, 1.4203660740074], second.ToArray(), 1e-9);
    }

    /// <summary>x* = a/(1 + λ) minimises ½(x − a)² + ½λx²; the outer ½(x* − c)² is least at λ = a/c − 1.</summary>
    [Fact]
    public void A_scalar_problem_on_two_levels()
    {
        const double a = 3.0;
        const double c = 1.25;
        Tensor Inner(Tensor l) =>
            Argmin(
                Minimise((Tensor x) => (0.5 * Pow(x - a, 2.0)) + (0.5 * l * x * x)),
                Scalar(0.0),
                new MinimiseOptions()
            );
        Tensor Outer(Tensor l) => 0.5 * Pow(Inner(l) - c, 2.0);
        foreach (double l in new[] { 0.3, 1.0, 2.0 })
        {
            double x = a / (1.0 + l);
            double slope = -x / (1.0 + l);
            Assert.Equal((x - c) * slope, Grad(Outer, Scalar(l)).ToDouble(), 1e-10);
            double curvature = (slope * slope) + ((x - c) * -2.0 * slope / (1.0 + l));
            Assert.Equal(curvature, Hessian(Outer, Scalar(l)).ToDouble(), 1e-9);
        }
        Tensor best = Root(l => Grad(Outer, l), Scalar(1.0));
        Assert.Equal((a / c) - 1.0, best.ToDouble(), 1e-9);
    }

    /// <summary>The p ≥ 0 with Σp = 1 that minimises −⟨s, p⟩ + Σp log p is softmax s, whose Jacobian is diag p − ppᵀ.</summary>
    [Fact]
    public void Softmax_is_a_minimiser_over_the_simplex()
    {
        Tensor s = Tensor.Of(1.2, -0.7, 0.4, -0.1);
        Tensor Find(Tensor s) =>
            Exp(
                Root(
                    z => (Log: z.Log + 1.0 - s + z.Total, Total: Sum(Exp(z.Log)) - 1.0),
                    (Log: Zeros([4]), Total: Scalar(0.0))
                ).Log
            );
        Tensor p = Softmax(s);
        Close.Elementwise(p.ToArray(), Find(s).ToArray(), 1e-10);
        Close.Elementwise((Diag(p) - Outer(p, p)).ToArray(), Jacobian(Find, s).ToArray(), 1e-10);
        Tensor Loss(Tensor s) => Sum(Pow(Find(s), 3.0));
        Tensor Closed(Tensor s) => Sum(Pow(Softmax(s), 3.0));
        Close.Elementwise(Hessian(Closed, s).ToArray(), Hessian(Loss, s).ToArray(), 1e-9);
    }

    /// <summary>x(x − 5)² has a regular root at 0 and a double one at 5, which Newton's method reaches at a linear rate.</summary>
    [Theory]
    [InlineData(-1.0, 0.0, false)]
    [InlineData(7.0, 5.0, true)]
    public void A_cubic_with_a_double_root(double start, double root, bool isSingular)
    {
        Solution<Tensor> solution = Implicit.Root.Solve(x => x * Pow(x - 5.0, 2.0), Scalar(start));
        Assert.True(solution.IsSuccess, solution.Message);
        // At a double root the digits are half of those of the residual.
        Assert.Equal(root, solution.Value.ToDouble(), isSingular ? 1e-4 : 1e-10);
        Assert.Equal(isSingular, solution.IsSingular);
    }

    /// <summary>The same problems in float32, with their derivatives, to 1e-4.</summary>
    [Theory]
    [InlineData("picard")]
    [InlineData("anderson")]
    [InlineData("broyden")]
    [InlineData("newton")]
    public void In_single_precision(string method)
    {
        var options = new EquationOptions { Method = EquationCases.Methods[method] };
        Tensor Cosine(Tensor p) => FixedPoint(z => Cos(z) + p, Zeros([], DType.Float32), options);
        Tensor Tangent(Tensor p) => FixedPoint(z => Tanh(z + p), Zeros([], DType.Float32), options);
        Holds(Cosine, 0.0, 0.7390851332151606, 0.5975100456753035, -0.1576631141037715);
        Holds(Tangent, 1.0, 0.9611797513715395, 0.082407452118713671, -0.1856019962054580);
        Tensor weights = Cast(EquationCases.Matrix(EquationCases.Weights), DType.Float32);
        Tensor Layer(Tensor b) => Sum(EquationCases.Equilibrium(weights, b, options));
        Tensor bias = Cast(Tensor.Of(EquationCases.Bias), DType.Float32);
        Single([0.88697349229697, 1.333052442261, 0.52770149587298], Grad(Layer, bias));

        static void Holds(Func<Tensor, Tensor> find, double at, double value, double first, double second)
        {
            Tensor p = Scalar(at, DType.Float32);
            Single([value], find(p));
            Single([first], Grad(find, p));
            Single([first], Jvp(find, p, OnesLike(p)).Tangent);
            Single([second], Grad(p => Grad(find, p), p));
        }

        static void Single(double[] expected, Tensor actual)
        {
            Assert.Equal(DType.Float32, actual.DType);
            Close.Elementwise(expected, Cast(Reshape(actual, [actual.Length]), DType.Float64).ToArray(), 1e-4);
        }
    }
}
