using Implicit.Testing;
using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Descent;

/// <summary>Minima without constraints: known ones, and their derivatives of every kind.</summary>
public sealed class MinimiseTests
{
    internal static readonly Dictionary<string, MinimiseMethod> Methods = new()
    {
        ["bfgs"] = new MinimiseMethod.Bfgs(),
        ["bfgs, backtracking"] = new MinimiseMethod.Bfgs { LineSearch = new LineSearch.Backtracking() },
        ["l-bfgs"] = new MinimiseMethod.Lbfgs(),
        ["l-bfgs, backtracking"] = new MinimiseMethod.Lbfgs(5) { LineSearch = new LineSearch.Backtracking() },
        ["newton-cg"] = new MinimiseMethod.NewtonCg(),
    };

    private static readonly double[] Weights = [0.8, -0.5, 0.3];

    public static TheoryData<string> Names => [.. Methods.Keys];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string method in Methods.Keys)
            foreach (string problem in new[] { "Rosenbrock", "Wood", "helical valley", "Beale", "Broyden tridiagonal" })
                pairs.Add(method, problem);
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Known_minima_are_found(string method, string problem)
    {
        (Func<Tensor, Tensor> residuals, double[] start, double[] root) = Problems.Regular[problem];
        Solution<Tensor> solution = Minimise.Solve(
            x => 0.5 * Tensor.Sumsq(residuals(x)),
            Tensor.Of(start),
            Options(method)
        );
        Assert.True(solution.IsSuccess, solution.Message);
        Close.Elementwise(root, solution.Value.ToArray(), 1e-7);
    }

    /// <summary>yᵀAy + bᵀy of the reference cases.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_quadratic_and_its_derivative(string method)
    {
        var a = Tensor.Of([2.0, -1.0, -1.0, 3.0], [2, 2]);
        Tensor b = Tensor.Of(-100.0, 5.0);
        Close.Elementwise([29.5, 9.0], Minimum(b).ToArray(), 1e-9);
        Tensor expected = -0.5 * Tensor.Inverse(a);
        Close.Normwise(expected.ToArray(), Jacobians.Jacobian(Minimum, b).ToArray(), 1e-9);
        Close.Normwise(expected.ToArray(), Jacobians.JacobianForward(Minimum, b).ToArray(), 1e-9);

        Tensor Minimum(Tensor c) =>
            Minimise.Argmin(
                y => Tensor.Dot(y, Tensor.MatMul(a, y)) + Tensor.Dot(c, y),
                Tensor.Zeros([2]),
                Options(method)
            );
    }

    /// <summary>x* = a/(1 + λ) minimises ½(x − a)² + ½λx², and ½(x* − c)² has the hypergradient −(x* − c)·a/(1 + λ)².</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_bilevel_problem_has_its_hypergradient(string method)
    {
        const double a = 3.0;
        const double c = 2.0;
        foreach (double at in new[] { 0.1, 0.5, 1.0 })
        {
            double x = a / (1.0 + at);
            Tensor slope = Differentiation.Grad(Outer, Tensor.Scalar(at));
            Close.Elementwise([-(x - c) * a / ((1.0 + at) * (1.0 + at))], slope.ToArray(), 1e-9);
        }
        Close.Elementwise([(a / c) - 1.0], Minimise.Argmin(Outer, Tensor.Scalar(0.2), Options(method)).ToArray(), 1e-7);

        Tensor Outer(Tensor lambda)
        {
            Tensor x = Minimise.Argmin(
                z => 0.5 * (((z - a) * (z - a)) + (lambda * z * z)),
                Tensor.Scalar(0.0),
                Options(method)
            );
            return 0.5 * (x - c) * (x - c);
        }
    }

    /// <summary>The minimiser of log-sum-exp and a quadratic, as every transform sees it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Both_modes_second_order_and_batches(string method)
    {
        double[] direction = [0.3, 0.7, -0.4];
        double[] along = Differences.Along(p => Minimum(Tensor.Of(p[0])).ToArray(), [Weights], [direction]);
        (_, Tensor forward) = Differentiation.Jvp(Minimum, Tensor.Of(Weights), Tensor.Of(direction));
        Close.Normwise(along, forward.ToArray(), 1e-7);
        Tensor rows = Jacobians.Jacobian(Minimum, Tensor.Of(Weights));
        Close.Normwise(along, Tensor.MatMul(rows, Tensor.Of(direction)).ToArray(), 1e-7);

        double[] turning = Differences.Along(
            p => Differentiation.Grad(Loss, Tensor.Of(p[0])).ToArray(),
            [Weights],
            [direction]
        );
        Tensor forwardOverReverse = Jacobians.Hvp(Loss, Tensor.Of(Weights), Tensor.Of(direction));
        Tensor reverseOverReverse = Differentiation.Grad(
            w => Tensor.Dot(Differentiation.Grad(Loss, w), Tensor.Of(direction)),
            Tensor.Of(Weights)
        );
        Close.Normwise(turning, forwardOverReverse.ToArray(), 1e-6);
        Close.Normwise(forwardOverReverse.ToArray(), reverseOverReverse.ToArray(), 1e-8);

        double[] other = [-0.2, 0.4, 1.5];
        var batch = Tensor.Of([.. Weights, .. other], [2, 3]);
        double[] minima = Vectorisation.Vmap(Minimum, batch).ToArray();
        double[] gradients = Vectorisation.Vmap(w => Differentiation.Grad(Loss, w), batch).ToArray();
        Assert.Equal(Minimum(Tensor.Of(other)).ToArray(), minima[3..]);
        Close.Normwise(Differentiation.Grad(Loss, Tensor.Of(other)).ToArray(), gradients[3..], 1e-10);

        Tensor Minimum(Tensor w) =>
            Minimise.Argmin(
                x => Tensor.LogSumExp(w * x) + (0.5 * Tensor.Sumsq(x - (w * w))),
                Tensor.Zeros([3]),
                Options(method)
            );

        Tensor Loss(Tensor w) => Tensor.Sum(Tensor.Sin(Minimum(w)));
    }

    /// <summary>Nothing of one call is left for another that differs in its size only.</summary>
    [Fact]
    public void A_function_that_is_constant_is_least_where_one_begins_whatever_the_size()
    {
        foreach (int n in (int[])[3, 5, 0, 2])
        {
            Assert.Equal(n, Minimise.Argmin((Tensor x) => Tensor.Scalar(1.0), Tensor.Ones([n])).Length);
            Assert.All(
                Minimise.Argmin((Tensor x) => Tensor.Scalar(1.0), Tensor.Ones([n])).ToArray(),
                x => Assert.Equal(1.0, x)
            );
        }
    }

    /// <summary>The terms of a series are those at the minimum that was found: they do not drift away from what is left of the gradient.</summary>
    [Fact]
    public void A_series_is_that_at_the_solution()
    {
        // f = 0.95(x − p)² + x⁴/10 has H = 1.9 + 1.2x² at x, where 1 − H is at most 1 in size for small x: after k terms 1 − (1 − H)ᵏ⁺¹ of 1.9/H.
        var options = new MinimiseOptions
        {
            Derivative = new ImplicitDerivative.Neumann(9),
            AbsoluteTolerance = 1e-2,
            RelativeTolerance = 0.0,
        };
        Tensor Find(Tensor p) =>
            Minimise.Argmin(
                x => (0.95 * Tensor.Sumsq(x - p)) + (0.1 * Tensor.Sum(Tensor.Pow(x, 4.0))),
                Tensor.Zeros([1]),
                options
            );
        var at = Tensor.Of([0.2]);
        double x = Find(at).ToArray()[0];
        double h = 1.9 + (1.2 * x * x);
        double expected = 1.9 / h * (1.0 - Math.Pow(1.0 - h, 10.0));
        Assert.Equal(expected, Differentiation.Grad(p => Tensor.Sum(Find(p)), at).ToArray()[0], 12);
        Assert.Equal(expected, Differentiation.Jvp(Find, at, Tensor.Ones([1])).Tangent.ToArray()[0], 12);
    }

    /// <summary>Each way to differentiate on ½(x − a)·H·(x − a) with H = diag(h): exact 1, one step h, k terms 1 − (1 − h)ᵏ⁺¹, damped alike.</summary>
    [Fact]
    public void Every_derivative_is_what_it_says()
    {
        double[] h = [0.5, 0.8, 1.2];
        Tensor weight = Tensor.Of(h);
        Same(new ImplicitDerivative.Exact(), _ => 1.0);
        Same(new ImplicitDerivative.Exact(new LinearSolver.Cg()), _ => 1.0);
        Same(new ImplicitDerivative.Exact(new LinearSolver.Gmres()), _ => 1.0);
        var jacobi = new LinearSolver.Cg { Preconditioner = LinearOperator.Diagonal(1.0 / weight) };
        Same(new ImplicitDerivative.Exact(jacobi), _ => 1.0);
        Same(new ImplicitDerivative.OneStep(), x => x);
        Same(new ImplicitDerivative.Neumann(3), x => 1.0 - Math.Pow(1.0 - x, 4.0));
        Same(new ImplicitDerivative.Neumann(80), _ => 1.0);
        Same(new ImplicitDerivative.Phantom(4, 0.5), x => 1.0 - Math.Pow(1.0 - (0.5 * x), 4.0));
        Assert.Throws<TensorException>(() => Jacobian(new ImplicitDerivative.Unrolled(), forward: false).ToArray());

        void Same(ImplicitDerivative how, Func<double, double> expected)
        {
            double[] diagonal = Tensor.Diag(Tensor.Of([.. h.Select(expected)])).ToArray();
            Close.Normwise(diagonal, Jacobian(how, forward: false).ToArray(), 1e-9);
            Close.Normwise(diagonal, Jacobian(how, forward: true).ToArray(), 1e-9);
        }

        Tensor Jacobian(ImplicitDerivative how, bool forward)
        {
            Tensor at = Tensor.Of(1.0, 2.0, 3.0);
            return forward ? Jacobians.JacobianForward(Minimum, at) : Jacobians.Jacobian(Minimum, at);

            Tensor Minimum(Tensor a) =>
                Minimise.Argmin(
                    x => 0.5 * Tensor.Sum(weight * (x - a) * (x - a)),
                    Tensor.Zeros([3]),
                    new MinimiseOptions { Derivative = how }
                );
        }
    }

    /// <summary>Many unknowns: the derivative multiplies with the Hessian and never makes it.</summary>
    [Fact]
    public void Many_unknowns_are_differentiated_without_a_matrix()
    {
        const int n = 300;
        Tensor target = Tensor.Of([.. Enumerable.Range(0, n).Select(i => Math.Sin(i))]);
        Tensor gradient = Differentiation.Grad(t => Tensor.Sumsq(Minimum(t)), target);
        Tensor direction = Tensor.Of([.. Enumerable.Range(0, n).Select(i => Math.Cos(3 * i))]);
        double step = 1e-5;
        double expected =
            (
                Tensor.Sumsq(Minimum(target + (step * direction))) - Tensor.Sumsq(Minimum(target - (step * direction)))
            ).ToArray()[0] / (2.0 * step);
        Close.Elementwise([expected], [Tensor.Dot(gradient, direction).ToArray()[0]], 1e-6);

        static Tensor Minimum(Tensor t) =>
            Minimise.Argmin(x => Tensor.Sum(0.25 * x * x * x * x) + (0.5 * Tensor.Sumsq(x - t)), Tensor.ZerosLike(t));
    }

    /// <summary>Random convex problems: whatever the method, the gradient vanishes and the minima agree.</summary>
    [Property(MaxTest = 20)]
    public bool Random_convex_problems_have_one_minimum(int seed)
    {
        RandomKey[] keys = RandomKey.Of(seed).Split(2);
        Tensor a = Tensor.Normal(keys[0], [8, 5]);
        Tensor b = Tensor.Normal(keys[1], [8]);
        double[][] minima =
        [
            .. Methods.Keys.Select(method =>
                Minimise
                    .Argmin(
                        x => Tensor.LogSumExp(Tensor.MatMul(a, x) + b) + (0.05 * Tensor.Sumsq(x)),
                        Tensor.Zeros([5]),
                        Options(method)
                    )
                    .ToArray()
            ),
        ];
        return minima.All(x => x.Zip(minima[0], (p, q) => Math.Abs(p - q)).Max() < 1e-7);
    }

    [Fact]
    public void Failures_are_statuses()
    {
        foreach (string method in Methods.Keys)
        {
            Assert.Equal(
                SolveStatus.MaxStepsReached,
                Minimise.Solve(x => Tensor.Sum(x), Tensor.Of(1.0, 2.0), Options(method) with { MaxSteps = 5 }).Status
            );
            Assert.Equal(
                SolveStatus.NonFinite,
                Minimise.Solve(x => Tensor.Sum(Tensor.Log(x)), Tensor.Of(-1.0), Options(method)).Status
            );
            Assert.Throws<SolveException>(() =>
                Minimise.Argmin(x => Tensor.Sum(x), Tensor.Of(1.0, 2.0), Options(method) with { MaxSteps = 5 })
            );
        }
        // A minimum on a kink, where no gradient vanishes.
        Assert.False(Minimise.Solve(x => Tensor.Sum(Tensor.Abs(x - 0.3) + (0.5 * x)), Tensor.Of(1.0)).IsSuccess);
    }

    /// <summary>The first step gains 0.39 of what the model says: enough to trust it, too little to be taken.</summary>
    [Fact]
    public void A_step_that_is_not_taken_is_followed_by_a_shorter_one()
    {
        Solution<Tensor> solution = Minimise.Solve(
            x => Tensor.Sum(Tensor.Log((Tensor.Exp(x) + Tensor.Exp(-x)) / 2.0)),
            Tensor.Of(0.9),
            Trusting(new() { LeastGain = 0.5, InitialRadius = 10.0 })
        );
        Assert.Equal(SolveStatus.Success, solution.Status);
        Close.Elementwise([0.0], solution.Value.ToArray(), 1e-8);
    }

    private static MinimiseOptions By(MinimiseMethod method) => new() { Method = method };

    private static MinimiseOptions Trusting(TrustRegion region) =>
        By(new MinimiseMethod.NewtonCg { TrustRegion = region });

    [Fact]
    public void Options_are_checked()
    {
        Refuses("the memory must be 1", By(new MinimiseMethod.Lbfgs(0)));
        Refuses("tolerances must not be negative", new() { AbsoluteTolerance = -1.0 });
        Refuses("tolerances must not be negative", new() { RelativeTolerance = double.NaN });
        Refuses("step limit must not be", new() { MaxSteps = -1 });
        Refuses("Neumann terms", new() { Derivative = new ImplicitDerivative.Neumann(-1) });
        Refuses("phantom", new() { Derivative = new ImplicitDerivative.Phantom(0, 1.0) });
        Refuses("radii must be", Trusting(new() { InitialRadius = 0.0 }));
        Refuses("radii must be", Trusting(new() { InitialRadius = double.NaN }));
        Refuses("least gain must", Trusting(new() { LeastGain = 1.0 }));
        Refuses("try 1 or more points", Searching(new LineSearch.StrongWolfe { MaxTrials = 0 }));
        Refuses("0 < decrease < curvature < 1", Searching(new LineSearch.StrongWolfe(0.5, 0.4)));
        Refuses("Armijo's rule must lie between 0 and 1", Searching(new LineSearch.Backtracking(Shrink: 2.0)));
        Refuses(
            "0 < decrease < curvature < 1",
            By(new MinimiseMethod.Bfgs { LineSearch = new LineSearch.StrongWolfe(Decrease: double.NaN) })
        );
        Assert.Throws<TensorException>(() => Minimise.Argmin(x => Tensor.Sum(x), Tensor.Of(new long[] { 1 })));
        // No step at all: the start is judged.
        Solution<Tensor> start = Minimise.Solve(x => Tensor.Sumsq(x), Tensor.Of(1.0), new() { MaxSteps = 0 });
        Assert.Equal((SolveStatus.MaxStepsReached, 0, 2.0), (start.Status, start.Steps, start.Residual));

        static void Refuses(string what, MinimiseOptions options) =>
            Assert.Contains(
                what,
                Assert
                    .Throws<TensorException>(() => Minimise.Argmin(x => Tensor.Sumsq(x), Tensor.Of(1.0), options))
                    .Message,
                StringComparison.Ordinal
            );
        static MinimiseOptions Searching(LineSearch search) => By(new MinimiseMethod.Lbfgs { LineSearch = search });
    }

    /// <summary>Far away slopes are so large that a part of them is still no minimum.</summary>
    [Fact]
    public void A_start_far_away_passes_nothing_for_a_minimum()
    {
        foreach (string method in Methods.Keys)
        {
            Solution<Tensor> solution = Minimise.Solve(
                x => Tensor.Sum(Tensor.Cosh(x)),
                Tensor.Of(60.0),
                Options(method)
            );
            Assert.True(
                !solution.IsSuccess || Math.Abs(solution.Value.ToArray()[0]) < 1e-4,
                $"{method}: {solution.Value}"
            );
        }
        Assert.Equal(
            0.0,
            Minimise.Argmin(x => Tensor.Sum(Tensor.Cosh(x)), Tensor.Of(60.0), Options(Methods.Keys.First())).ToArray()[
                0
            ],
            1e-4
        );
    }

    /// <summary>log det fails where a trial step leaves the positive definite matrices; a shorter one does not.</summary>
    [Fact]
    public void A_trial_that_cannot_be_computed_is_shortened()
    {
        Tensor Objective(Tensor x) =>
            Tensor.Sum(x) - (2.0 * Tensor.Sum(Tensor.Log(Tensor.Diagonal(Tensor.Cholesky(x * Tensor.Eye(2))))));
        Tensor minimiser = Minimise.Argmin(Objective, Tensor.Of(0.05, 4.0));
        Assert.All(minimiser.ToArray(), element => Assert.Equal(1.0, element, 1e-7));
    }

    [Fact]
    public void An_account_is_refused_in_a_transform_that_argmin_goes_through()
    {
        Tensor Solved(Tensor t) => Minimise.Solve((Tensor x) => Tensor.Sumsq(x - t), Tensor.Scalar(0.0)).Value;
        var error = Assert.Throws<TensorException>(() => Differentiation.Grad(Solved, Tensor.Scalar(1.0)));
        Assert.Contains("inside a transform use argmin.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flat_valley_has_no_derivative()
    {
        Exception? error = Record.Exception(() =>
            Differentiation
                .Grad(
                    t => Tensor.Sum(Minimise.Argmin(x => Tensor.Sumsq(Tensor.Sum(x) - t), Tensor.Of(1.0, 2.0))),
                    Tensor.Scalar(1.0)
                )
                .ToArray()
        );
        Assert.Contains("singular", error!.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static MinimiseOptions Options(string method) => new() { Method = Methods[method] };
}
