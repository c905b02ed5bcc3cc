using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>A minimiser has a derivative only where the minimum is isolated: with few unknowns and many, whatever solves for it.</summary>
public sealed class IsolationTests
{
    private static readonly Dictionary<string, LinearSolver?> Solvers = new()
    {
        ["standard"] = null,
        ["direct"] = new LinearSolver.Direct(),
        ["cg"] = new LinearSolver.Cg(),
        ["gmres"] = new LinearSolver.Gmres(),
    };

    /// <summary>Objectives of x [n] that a number t shifts, with a start from which the point is found where there is no isolated minimum.</summary>
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Objective, double Start)> Degenerate =
        new()
        {
            ["a valley"] = ((x, t) => Square(Tensor.Sum(x) - t), 0.3),
            ["nearly a valley"] = ((x, t) => Square(Tensor.Sum(x) - t) + (1e-17 * Tensor.Sumsq(x)), 0.3),
            ["a quartic"] = ((x, t) => Tensor.Sum(Square(Square(x - t))), 0.3),
            ["one flat unknown"] = ((x, t) => Tensor.Sumsq(x - t) - Square(First(x) - t), 0.3),
            ["a kink"] = ((x, t) => Tensor.Sum(Tensor.Abs(x - t)), 0.5),
            ["a maximum"] = ((x, t) => -Tensor.Sumsq(x - t), 0.5),
            ["a saddle"] = ((x, t) => Tensor.Sumsq(x - t) - (2.0 * Square(First(x))) + Square(Square(First(x))), 0.0),
        };

    public static MatrixTheoryData<string, string, int> Cases => new(Degenerate.Keys, Solvers.Keys, [2, 130]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void There_is_no_derivative_elsewhere(string objective, string solver, int unknowns)
    {
        (Func<Tensor, Tensor, Tensor> f, double start) = Degenerate[objective];
        var options = new MinimiseOptions
        {
            // The way to a saddle is one along which nothing leads away from it.
            Method = objective == "a saddle" ? new MinimiseMethod.Lbfgs() : new MinimiseMethod.NewtonCg(),
            RelativeTolerance = 0.0,
            AbsoluteTolerance = 1e-6,
            Derivative = new ImplicitDerivative.Exact(Solvers[solver]),
        };
        double at = objective == "a saddle" ? 0.0 : 0.5;
        Tensor Loss(Tensor t) =>
            Tensor.Sum(Minimise.Argmin(x => f(x, t), Tensor.Full([unknowns], start), options) * Weights(unknowns));
        foreach (
            Action differentiate in new Action[]
            {
                () => Differentiation.Grad(Loss, Tensor.Scalar(at)).ToArray(),
                () => Differentiation.Jvp(Loss, Tensor.Scalar(at), Tensor.Scalar(1.0)).Tangent.ToArray(),
            }
        )
        {
            SolveException error = Assert.Throws<SolveException>(differentiate);
            Assert.StartsWith(
                "[minimise] Singular: the minimum is not isolated",
                error.Message,
                StringComparison.Ordinal
            );
        }
    }

    /// <summary>Nothing that this gradient is made of moves it, and yet there is no minimum but at a kink, which no descent finds.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(130)]
    public void A_minimum_that_is_not_found_has_no_derivative(int unknowns)
    {
        Tensor Minimum(Tensor t) =>
            Minimise.Argmin(x => Tensor.Sum(Tensor.Relu(x - t)) + (0.5 * Tensor.Sumsq(x)), Tensor.Zeros([unknowns]));
        Tensor Loss(Tensor t) => Tensor.Sum(Minimum(t) * Weights(unknowns));
        Assert.Throws<SolveException>(() => Differentiation.Grad(Loss, Tensor.Scalar(-0.3)).ToArray());
        Assert.Throws<SolveException>(() =>
            Vectorisation.Vmap(t => Differentiation.Grad(Loss, t), Tensor.Of(-0.3, -0.4)).ToArray()
        );
        // Within a piece nothing does move: the minimum stays at −1.
        Assert.Equal(0.0, Differentiation.Grad(Loss, Tensor.Scalar(-5.0)).ToDouble());
    }

    /// <summary>Squares of what curvature is told by leave the range of double here.</summary>
    [Theory]
    [InlineData("direct", 1e-200)]
    [InlineData("direct", 1e200)]
    [InlineData("cg", 1e-200)]
    [InlineData("cg", 1e200)]
    public void A_minimum_in_any_unit_of_the_objective_has_its_derivative(string solver, double unit)
    {
        Tensor at = Tensor.Of(0.3, 0.1, -0.2);
        // Something is left of the gradient, so that there is a way to the minimum.
        var options = new MinimiseOptions
        {
            AbsoluteTolerance = 1e-9 * unit,
            Derivative = new ImplicitDerivative.Exact(Solvers[solver]),
        };
        Tensor Minimum(Tensor t) => Minimise.Argmin(x => unit * Tensor.Sum(Tensor.Cosh(x - t)), at + 1e-10, options);
        Tensor weights = Tensor.Of(1.0, -2.0, 3.0);
        Tensor gradient = Differentiation.Grad(t => Tensor.Sum(weights * Minimum(t)), at);
        Close.Elementwise(weights.ToArray(), gradient.ToArray(), 1e-9);
    }

    /// <summary>Units that differ by a million make no minimum flat, nor does curvature of a thousandth.</summary>
    [Theory]
    [InlineData("standard", 3)]
    [InlineData("direct", 3)]
    [InlineData("cg", 130)]
    [InlineData("standard", 130)]
    public void A_minimum_in_other_units_has_its_derivative(string solver, int unknowns)
    {
        Tensor units = Tensor.Of([
            .. Enumerable.Range(0, unknowns).Select(i => Math.Pow(10.0, unknowns > 100 ? i % 3 : 3 * i)),
        ]);
        Tensor target = Tensor.Of([.. Enumerable.Range(0, unknowns).Select(i => Math.Sin(i + 1.0))]);
        Tensor Minimum(Tensor t) =>
            Minimise.Argmin(
                x => 0.5 * Tensor.Sumsq((units * x) - t) + (1e-3 * Tensor.Sum(Tensor.Cosh(units * x))),
                Tensor.Zeros([unknowns]),
                new MinimiseOptions
                {
                    Method = new MinimiseMethod.NewtonCg(),
                    AbsoluteTolerance = 1e-9,
                    Derivative = new ImplicitDerivative.Exact(Solvers[solver]),
                }
            );
        double[] x = Minimum(target).ToArray();
        double[] unit = units.ToArray();
        double[] expected =
        [
            .. x.Select((element, i) => 1.0 / (unit[i] * (1.0 + (1e-3 * Math.Cosh(unit[i] * element))))),
        ];
        double[] found = Differentiation.Grad(t => Tensor.Sum(Minimum(t)), target).ToArray();
        Close.Elementwise(expected, found, 1e-6);
    }

    /// <summary>Who asks for the least derivative of a valley gets it: the sum of x follows t.</summary>
    [Fact]
    public void A_valley_has_a_derivative_of_least_norm()
    {
        foreach (
            LinearSolver solver in new LinearSolver[] { new LinearSolver.Pseudoinverse(), new LinearSolver.Lsmr() }
        )
        {
            Tensor slope = Jacobians.Jacobian(
                t =>
                    Minimise.Argmin(
                        x => Square(Tensor.Sum(x) - t),
                        Tensor.Zeros([4]),
                        new MinimiseOptions { Derivative = new ImplicitDerivative.Exact(solver) }
                    ),
                Tensor.Scalar(1.0)
            );
            Close.Elementwise([0.25, 0.25, 0.25, 0.25], slope.ToArray(), 1e-9);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(130)]
    public void In_a_batch_the_item_without_a_derivative_is_named(int unknowns)
    {
        Tensor Minimum(Tensor c) =>
            Minimise.Argmin(
                x => (c * Tensor.Sumsq(x - 1.0)) + Tensor.Sum(Square(Square(x - 1.0))),
                Tensor.Zeros([unknowns]),
                new MinimiseOptions { AbsoluteTolerance = 1e-8, RelativeTolerance = 0.0 }
            );
        Tensor Slopes(params double[] values) =>
            Vectorisation.Vmap((Tensor c) => Differentiation.Grad(s => Tensor.Sum(Minimum(s)), c), Tensor.Of(values));
        Assert.All(Slopes(1.0, 0.5, 2.0).ToArray(), slope => Assert.Equal(0.0, slope, 1e-6));
        var error = Assert.Throws<SolveException>(() => Slopes(1.0, 0.0, 2.0).ToArray());
        Assert.Contains("for item 1 of 3", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Both modes and second order where products with the Hessian are all there is, against differences.</summary>
    [Fact]
    public void Many_unknowns_have_every_derivative()
    {
        const int n = 120;
        double[] at = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i))];
        double[] direction = [.. Enumerable.Range(0, n).Select(i => Math.Cos(3 * i))];
        Tensor Loss(Tensor t) =>
            Tensor.Sum(
                Tensor.Sin(
                    Minimise.Argmin(
                        x =>
                            Tensor.Sum(0.25 * x * x * x * x)
                            + (0.5 * Tensor.Sumsq(x - t))
                            + (0.1 * Square(Tensor.Sum(x))),
                        Tensor.Zeros([n])
                    )
                )
            );
        double along = Differences.Along(p => [Loss(Tensor.Of(p[0])).ToDouble()], [at], [direction])[0];
        double tangent = Differentiation.Jvp(Loss, Tensor.Of(at), Tensor.Of(direction)).Tangent.ToDouble();
        double pulled = Tensor.Dot(Differentiation.Grad(Loss, Tensor.Of(at)), Tensor.Of(direction)).ToDouble();
        Assert.Equal(along, tangent, 1e-6);
        Assert.Equal(along, pulled, 1e-6);
        double[] turning = Differences.Along(
            p => Differentiation.Grad(Loss, Tensor.Of(p[0])).ToArray(),
            [at],
            [direction]
        );
        Close.Normwise(turning, Jacobians.Hvp(Loss, Tensor.Of(at), Tensor.Of(direction)).ToArray(), 1e-6);
    }

    private static Tensor First(Tensor x) => Tensor.Index(x, 0, 0);

    private static Tensor Square(Tensor x) => x * x;

    /// <summary>Weights of which no direction is free.</summary>
    private static Tensor Weights(int count) =>
        Tensor.Of([.. Enumerable.Range(0, count).Select(i => 1.0 + Math.Sin(3.0 * i))]);
}
