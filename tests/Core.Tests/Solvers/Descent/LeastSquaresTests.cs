using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>Sums of squares: known roots, fits with residuals, derivatives of every kind.</summary>
public sealed class LeastSquaresTests
{
    internal static readonly Dictionary<string, LeastSquaresMethod> Methods = new()
    {
        ["gauss-newton"] = new LeastSquaresMethod.GaussNewton(),
        ["levenberg-marquardt"] = new LeastSquaresMethod.LevenbergMarquardt(),
        ["dogleg"] = new LeastSquaresMethod.Dogleg(),
    };

    private static readonly double[] Times = [0.0, 0.5, 1.0, 1.5, 2.0, 3.0];
    private static readonly double[] Data = [2.1, 1.3, 0.9, 0.45, 0.36, 0.1];

    public static TheoryData<string> Names => [.. Methods.Keys];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string method in Methods.Keys)
            foreach (string problem in Problems.Regular.Keys)
                // The Jacobian is singular at Boggs's start, where Gauss–Newton has no step.
                if (method != "gauss-newton" || problem is not ("Boggs" or "Beale"))
                    pairs.Add(method, problem);
            return pairs;
        }
    }

    /// <summary>
    /// With residuals that stay, whole Gauss–Newton steps may be too long near the minimum, by less than the objective can tell: the slopes tell.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_fit_with_residuals_is_met_beyond_the_rounding_of_the_objective(string method)
    {
        Tensor a = Tensor.Normal(RandomKey.Of(0), [6, 3]);
        Tensor p = Tensor.Normal(RandomKey.Of(2), [3, 6])[0];
        Solution<Tensor> solution = LeastSquares.Solve(
            x => Tensor.MatMul(a, x) + (0.1 * Tensor.Sin(Tensor.Sum(x))) - (p * p),
            Tensor.Zeros([3]),
            new LeastSquaresOptions { Method = Methods[method] }
        );
        Assert.True(solution.IsSuccess, solution.Message);
    }

    /// <summary>Squares of such lengths, or products of two, leave the range of numbers.</summary>
    [Theory]
    [InlineData(1e-75)]
    [InlineData(1e-81)]
    [InlineData(1e-100)]
    [InlineData(1e-150)]
    [InlineData(1e75)]
    [InlineData(1e100)]
    public void A_dogleg_keeps_the_unit_of_the_unknowns(double unit)
    {
        Solution<Tensor> solution = LeastSquares.Solve(
            x => Problems.Regular["Rosenbrock"].Residuals(x / unit),
            unit * Tensor.Of(Problems.Regular["Rosenbrock"].Start),
            new LeastSquaresOptions
            {
                Method = new LeastSquaresMethod.Dogleg
                {
                    TrustRegion = new TrustRegion { MaxRadius = 1e10 * Math.Max(1.0, unit) },
                },
                AbsoluteTolerance = 0.0,
            }
        );
        Assert.True(solution.IsSuccess, solution.Message);
        Close.Elementwise([1.0, 1.0], (solution.Value / unit).ToArray(), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Known_roots_are_found(string method, string problem)
    {
        (Func<Tensor, Tensor> residuals, double[] start, double[] root) = Problems.Regular[problem];
        Solution<Tensor> solution = LeastSquares.Solve(residuals, Tensor.Of(start), Options(method));
        Assert.True(solution.IsSuccess, solution.Message);
        double[] found = solution.Value.ToArray();
        // Brown's function has another root; all are roots.
        if (problem == "Brown almost linear")
            Close.Elementwise(new double[5], residuals(solution.Value).ToArray(), 1e-10);
        else
            Close.Elementwise(root, found, 1e-10);
        Assert.Equal(solution.Steps + 1, solution.Trace.Count);
    }

    /// <summary>
    /// From (0.5, −2) the way down ends at a minimum that is no root (Moré, Garbow and Hillstrom 1981, problem 2). The Jacobian is singular
    /// there, so damped methods need many steps, and Gauss–Newton says that it has none.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_minimum_that_is_no_root_is_met_slowly_or_not_at_all(string method)
    {
        Tensor root = LeastSquares.Fit(Problems.FreudensteinRoth, Tensor.Of(6.0, 5.0), Options(method));
        Close.Elementwise([5.0, 4.0], root.ToArray(), 1e-10);
        Solution<Tensor> solution = LeastSquares.Solve(
            Problems.FreudensteinRoth,
            Tensor.Of(0.5, -2.0),
            Options(method) with
            {
                MaxSteps = 1000,
            }
        );
        if (method == "gauss-newton")
        {
            Assert.Equal(SolveStatus.StepFailed, solution.Status);
            Assert.Contains("No step lessens the objective", solution.Message, StringComparison.Ordinal);
            return;
        }
        Assert.True(solution.IsSuccess, solution.Message);
        Close.Elementwise([11.4127789869, -0.8968052532], solution.Value.ToArray(), 1e-6);
        double square = Tensor.Sumsq(Problems.FreudensteinRoth(solution.Value)).ToArray()[0];
        Close.Elementwise([48.9842536792], [square], 1e-9);
    }

    /// <summary>The root is met at a linear rate only, and has no derivative: the matrix of second derivatives is singular there.</summary>
    [Theory]
    [InlineData("levenberg-marquardt")]
    [InlineData("dogleg")]
    public void A_singular_root_is_met_slowly_and_has_no_derivative(string method)
    {
        Tensor start = Tensor.Of(3.0, -1.0, 0.0, 1.0);
        Solution<Tensor> solution = LeastSquares.Solve(Problems.PowellSingular, start, Options(method));
        Assert.True(solution.IsSuccess, solution.Message);
        Close.Elementwise(new double[4], solution.Value.ToArray(), 1e-4);
        Assert.True(solution.Steps > 10);
        Assert.Throws<SolveException>(() =>
            Differentiation
                .Grad(
                    shift =>
                        Tensor.Sum(LeastSquares.Fit(x => Problems.PowellSingular(x - shift), start, Options(method))),
                    Tensor.Zero
                )
                .ToArray()
        );
    }

    /// <summary>Ridge regression of the reference cases, with its first two derivatives by λ.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Ridge_regression_and_its_derivatives(string method)
    {
        var x = Tensor.Of([1.0, 2.0, 3.0, 4.0, 5.0, 7.0], [3, 2]);
        Tensor y = Tensor.Of(1.0, 0.0, 2.0);
        Tensor lambda = Tensor.Scalar(0.5);
        Close.Elementwise([-0.29433962264151, 0.4377358490566], Weights(lambda).ToArray(), 1e-10);
        double[] first = [0.63253826984692, -0.45226059095763];
        double[] second = [-1.9961412441142, 1.4203660740074];
        Close.Elementwise(first, Jacobians.Jacobian(Weights, lambda).ToArray(), 1e-9);
        Close.Elementwise(first, Jacobians.JacobianForward(Weights, lambda).ToArray(), 1e-9);
        Close.Elementwise(
            second,
            Jacobians.JacobianForward(l => Jacobians.Jacobian(Weights, l), lambda).ToArray(),
            1e-8
        );
        Close.Elementwise(second, Jacobians.Jacobian(l => Jacobians.Jacobian(Weights, l), lambda).ToArray(), 1e-8);

        Tensor Weights(Tensor l) =>
            LeastSquares.Fit(
                w => new[] { Tensor.MatMul(x, w) - y, Tensor.Sqrt(l) * w },
                Tensor.Zeros([2]),
                Options(method)
            );
    }

    /// <summary>A fit that does not vanish, of a record, differentiated by its data: both modes, second order, batches.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_fit_is_differentiated_by_its_data(string method)
    {
        double[] direction = [0.1, -0.2, 0.3, 0.05, -0.1, 0.2];
        double[] along = Differences.Along(p => Fitted(Tensor.Of(p[0])).ToArray(), [Data], [direction]);
        (_, Tensor forward) = Differentiation.Jvp(Fitted, Tensor.Of(Data), Tensor.Of(direction));
        Close.Normwise(along, forward.ToArray(), 1e-7);
        Tensor rows = Jacobians.Jacobian(Fitted, Tensor.Of(Data));
        Close.Normwise(along, Tensor.MatMul(rows, Tensor.Of(direction)).ToArray(), 1e-7);

        Tensor Loss(Tensor d) => Tensor.Sum(Tensor.Sin(Fitted(d)));
        double[] turning = Differences.Along(
            p => Differentiation.Grad(Loss, Tensor.Of(p[0])).ToArray(),
            [Data],
            [direction]
        );
        Close.Normwise(turning, Jacobians.Hvp(Loss, Tensor.Of(Data), Tensor.Of(direction)).ToArray(), 1e-6);

        var batch = Tensor.Of([.. Data, .. Data.Select(d => 1.1 * d)], [2, 6]);
        Tensor gradients = Vectorisation.Vmap(d => Differentiation.Grad(Loss, d), batch);
        Close.Normwise(Differentiation.Grad(Loss, 1.1 * Tensor.Of(Data)).ToArray(), gradients.ToArray()[6..], 1e-9);

        Tensor Fitted(Tensor d)
        {
            Tensor t = Tensor.Of(Times);
            (Tensor amplitude, Tensor rate) = LeastSquares.Fit(
                p => (p.Amplitude * Tensor.Exp(-p.Rate * t)) - d,
                (Amplitude: Tensor.Scalar(1.0), Rate: Tensor.Scalar(0.5)),
                Options(method)
            );
            return Tensor.Stack([amplitude, rate]);
        }
    }

    [Fact]
    public void A_rate_is_fitted_through_a_differential_equation()
    {
        Tensor t = Tensor.Of(Times);
        double Rate(double scale) => Fit(scale * Tensor.Of(Data)).ToArray()[0];
        Tensor slope = Differentiation.Grad(s => Fit(s * Tensor.Of(Data)), Tensor.Scalar(1.0));
        double expected = (Rate(1.001) - Rate(0.999)) / 0.002;
        Close.Elementwise([expected], slope.ToArray(), 1e-5);

        Tensor Fit(Tensor d) =>
            LeastSquares.Fit(
                k =>
                    Implicit.Ode.Integrate(
                        (_, y) => -k * y,
                        t,
                        Tensor.Scalar(2.0),
                        new OdeOptions { RelativeTolerance = 1e-10, AbsoluteTolerance = 1e-12 }
                    ) - d,
                Tensor.Scalar(0.5)
            );
    }

    [Fact]
    public void Single_precision_fits_to_its_own_tolerance()
    {
        foreach (string method in Methods.Keys)
        {
            (Func<Tensor, Tensor> residuals, double[] start, double[] root) = Problems.Regular["Rosenbrock"];
            Tensor x = LeastSquares.Fit(residuals, Tensor.Cast(Tensor.Of(start), DType.Float32), Options(method));
            Close.Elementwise(root, Tensor.Cast(x, DType.Float64).ToArray(), 1e-4);
        }
    }

    [Fact]
    public void Failures_are_statuses()
    {
        Tensor start = Tensor.Of(-1.2, 1.0);
        Func<Tensor, Tensor> residuals = Problems.Regular["Rosenbrock"].Residuals;
        foreach (string method in Methods.Keys)
        {
            Solution<Tensor> limited = LeastSquares.Solve(residuals, start, Options(method) with { MaxSteps = 1 });
            Assert.Equal(SolveStatus.MaxStepsReached, limited.Status);
            Assert.Equal(
                SolveStatus.NonFinite,
                LeastSquares.Solve(x => Tensor.Log(x), Tensor.Of(-1.0), Options(method)).Status
            );
            SolveException error = Assert.Throws<SolveException>(() =>
                LeastSquares.Fit(residuals, start, Options(method) with { MaxSteps = 1 })
            );
            Assert.Contains("MaxStepsReached", error.Message, StringComparison.Ordinal);
        }
        Solution<Tensor> dependent = LeastSquares.Solve(
            x => Tensor.Stack([Tensor.Sum(x) - 1.0, Tensor.Sum(x) - 2.0, Tensor.Sum(x)]),
            start,
            Options("gauss-newton")
        );
        Assert.False(dependent.IsSuccess);
    }

    private static LeastSquaresOptions Options(string method) => new() { Method = Methods[method] };
}
