using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Scalar equations with answers known to many digits, with first and second derivatives. Figures by 50-digit arithmetic.</summary>
public sealed class ScalarReferenceTests
{
    private static readonly EquationOptions Tight = new() { RelativeTolerance = 1e-14, AbsoluteTolerance = 1e-15 };

    public static TheoryData<string> Methods => [.. EquationCases.Methods.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Cosine(string method) =>
        Check(
            p => Solve(method, z => Tensor.Cos(z) + p, 0.0),
            0.0,
            0.7390851332151606416553,
            0.5975100456753034650,
            -0.1576631141037714585
        );

    /// <summary>∂f/∂z = −1 at the solution: no contraction, and plain iteration creeps.</summary>
    [Theory]
    [InlineData("picard, damped")]
    [InlineData("anderson")]
    [InlineData("broyden")]
    [InlineData("newton")]
    public void Cosine_where_it_is_no_contraction(string method) =>
        Check(p => Solve(method, z => Tensor.Cos(z) + p, 0.0), Math.PI / 2, Math.PI / 2, 0.5, 0.0);

    [Theory]
    [MemberData(nameof(Methods))]
    public void Hyperbolic_tangent(string method) =>
        Check(
            p => Solve(method, z => Tensor.Tanh(z + p), 0.0),
            1.0,
            0.9611797513715394705964,
            0.0824074521187136710,
            -0.1856019962054579813
        );

    [Theory]
    [MemberData(nameof(Methods))]
    public void Exponential(string method)
    {
        Tensor Find(Tensor c) => Solve(method, z => Tensor.Exp(-c * z), 0.5);
        Assert.Equal(0.567143290409783873, Find(Tensor.Scalar(1.0)).ToDouble(), 1e-10);
        Assert.Equal(-0.2052470337748946515, Differentiation.Grad(Find, Tensor.Scalar(1.0)).ToDouble(), 1e-10);
    }

    /// <summary>0 is a solution too, but the iteration leaves it.</summary>
    [Fact]
    public void Of_several_solutions_the_one_near_the_start_is_found()
    {
        foreach (double sign in new[] { 1.0, -1.0 })
        {
            Tensor Find(Tensor w) => Solve("anderson", z => Tensor.Tanh(w * z), sign);
            Assert.Equal(sign * 0.9575040240772687406765, Find(Tensor.Scalar(2.0)).ToDouble(), 1e-10);
            Assert.Equal(
                sign * 0.0955473906138299403,
                Differentiation.Grad(Find, Tensor.Scalar(2.0)).ToDouble(),
                1e-10
            );
        }
    }

    /// <summary>∂f/∂z vanishes at the solution, so one step is exact.</summary>
    [Fact]
    public void Heron_s_square_root_needs_one_step_of_derivative()
    {
        foreach (
            ImplicitDerivative derivative in new ImplicitDerivative[]
            {
                new ImplicitDerivative.Exact(),
                new ImplicitDerivative.OneStep(),
            }
        )
        {
            Tensor Find(Tensor a) =>
                FixedPoint.Find(z => (z + (a / z)) / 2.0, Tensor.Scalar(1.0), Tight with { Derivative = derivative });
            Assert.Equal(Math.Sqrt(3.0), Find(Tensor.Scalar(3.0)).ToDouble(), 1e-12);
            Assert.Equal(0.5 / Math.Sqrt(3.0), Differentiation.Grad(Find, Tensor.Scalar(3.0)).ToDouble(), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void An_implicit_Euler_step(string method)
    {
        Tensor Find(Tensor[] p) => Solve(method, y => p[0] + (p[1] * Tensor.Tanh(y)), 1.0);
        Tensor[] at = [Tensor.Scalar(1.0), Tensor.Scalar(0.1)];
        Tensor[] gradient = Differentiation.Grad(Find, at);
        Assert.Equal(1.0792937030544793554, Find(at).ToDouble(), 1e-10);
        Assert.Equal(1.0385564999574147191, gradient[0].ToDouble(), 1e-10);
        Assert.Equal(0.8235099071292264400, gradient[1].ToDouble(), 1e-10);
    }

    /// <summary>Each element by itself: a batch of square roots as one system, for sizes on both sides of 50.</summary>
    [Theory]
    [InlineData(50)]
    [InlineData(51)]
    public void Roots_elementwise(int n)
    {
        Tensor Squares(Tensor p) => Tensor.Sumsq(Roots(p));
        Tensor Roots(Tensor p) => Root.Find(u => (u * u) - p, Tensor.Ones([n]), Tight);
        var p = Tensor.Full([n], 2.0);
        Close.Elementwise([.. Enumerable.Repeat(1.0, n)], Differentiation.Grad(Squares, p).ToArray(), 1e-10);
        Tensor tangent = Differentiation.Jvp(Roots, p, Tensor.OnesLike(p)).Tangent;
        Close.Elementwise([.. Enumerable.Repeat(0.35355339059327376, n)], tangent.ToArray(), 1e-10);
    }

    private static Tensor Solve(string method, Func<Tensor, Tensor> f, double start) =>
        FixedPoint.Find(f, Tensor.Scalar(start), Tight with { Method = EquationCases.Methods[method] });

    private static void Check(Func<Tensor, Tensor> find, double at, double value, double first, double second)
    {
        Assert.Equal(value, find(Tensor.Scalar(at)).ToDouble(), 1e-10);
        (double First, double Second) found = EquationCases.Derivatives2(find, at);
        Assert.Equal(first, found.First, 1e-10);
        Assert.Equal(second, found.Second, 1e-10);
        double forward = Differentiation.Jvp(find, Tensor.Scalar(at), Tensor.Scalar(1.0)).Tangent.ToDouble();
        Assert.Equal(first, forward, 1e-10);
    }
}
