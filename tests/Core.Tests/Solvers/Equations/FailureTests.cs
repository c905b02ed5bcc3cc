using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Every failure is a status that says what, where and what to try; nothing wrong passes for a result.</summary>
public sealed class FailureTests
{
    [Fact]
    public void Divergence()
    {
        Solution<Tensor> solution = FixedPoint.Solve(
            z => (2.0 * z) + 1.0,
            Tensor.Zeros([2]),
            new EquationOptions { Method = new Picard() }
        );
        Assert.Equal(SolveStatus.Diverged, solution.Status);
        Assert.Equal(0, solution.Report.BestStep);
        Assert.Equal([0.0, 0.0], solution.Value.ToArray());
        Assert.Contains("damping", solution.Message, StringComparison.Ordinal);
    }

    /// <summary>A series for the derivative converges only where z + F(z) is a contraction; what it gives elsewhere is no derivative.</summary>
    [Fact]
    public void A_series_that_diverges_is_an_error()
    {
        Tensor at = Tensor.Of([1.0, 0.1], [2, 1]);
        foreach (
            ImplicitDerivative how in new ImplicitDerivative[]
            {
                new ImplicitDerivative.Neumann(3),
                new ImplicitDerivative.Neumann(1000),
                new ImplicitDerivative.Phantom(60, 0.9),
            }
        )
        {
            var options = new EquationOptions { Method = new Newton(), Derivative = how };
            Tensor Find(Tensor a) => FixedPoint.Find(z => 1.0 - (3.0 * a * z), Tensor.Ones([1]), options);
            Tensor Whole(Tensor a) => Tensor.Sum(Vectorisation.Vmap(Find, a));
            foreach (
                Func<Tensor> derivative in new Func<Tensor>[]
                {
                    () => Differentiation.Grad(a => Tensor.Sum(Find(a)), at[0]),
                    () => Differentiation.Jvp(Find, at[0], Tensor.Ones([1])).Tangent,
                    () => Differentiation.Grad(Whole, at),
                }
            )
                Assert.Contains(
                    "its last term is larger than its first",
                    Assert.Throws<SolveException>(() => derivative().ToArray()).Message,
                    StringComparison.Ordinal
                );
            Assert.True(double.IsFinite(Differentiation.Grad(a => Tensor.Sum(Find(a)), at[1]).ToArray()[0]));
        }
    }

    /// <summary>F cannot be nearer to 0 than rounding of z lets it: 0.5, at a root of 5.5e7 of z² = 3e15.</summary>
    [Fact]
    public void A_root_as_near_as_numbers_are_is_one()
    {
        foreach (double start in new[] { 1.0, -2.0, 1e9 })
        {
            Solution<Tensor> solution = Root.Solve(z => (z * z) - 3e15, Tensor.Of([start]));
            Assert.True(solution.IsSuccess, solution.Message);
            Assert.Equal(Math.Sqrt(3e15), Math.Abs(solution.Value.ToArray()[0]), 1e-8);
        }
        Solution<Tensor> none = Root.Solve(z => (z * z) + 3e15, Tensor.Ones([1]));
        Assert.False(none.IsSuccess);
    }

    [Fact]
    public void Numbers_whose_norm_overflows_are_told_as_such() =>
        Assert.Contains(
            "numbers whose squares overflow",
            FixedPoint.Solve(z => (0.5 * z) + 1.0, Tensor.Full([1], 1e300)).Message,
            StringComparison.Ordinal
        );

    /// <summary>Far away F is so large that a part of it is still no root.</summary>
    [Fact]
    public void A_start_far_away_passes_nothing_for_a_root()
    {
        Tensor root = Root.Find(z => Tensor.Exp(z) - 1.0, Tensor.Of([50.0]));
        Assert.Equal(0.0, root.ToArray()[0], 1e-8);
    }

    /// <summary>Newton's first step for log z = 0 from 3 leads to a negative number; a shorter one does not.</summary>
    [Fact]
    public void A_guarded_step_comes_back_into_the_domain()
    {
        Tensor root = Root.Find(z => Tensor.Log(z), Tensor.Of([3.0]));
        Assert.Equal(1.0, root.ToArray()[0], 1e-9);
    }

    /// <summary>z ← √z − 0.3 runs down to a negative number after some steps.</summary>
    [Fact]
    public void NaN_is_named_at_its_step()
    {
        Tensor F(Tensor z) => Tensor.Sqrt(z) - 0.3;
        int step = 0;
        for (double z = 0.5; !double.IsNaN(Math.Sqrt(z) - 0.3); step++)
            z = Math.Sqrt(z) - 0.3;
        Solution<Tensor> solution = FixedPoint.Solve(
            F,
            Tensor.Of([0.5]),
            new EquationOptions { Method = new Picard() }
        );
        Assert.Equal(SolveStatus.NonFinite, solution.Status);
        Assert.Equal(step, solution.Steps);
        Assert.Contains($"at step {step}.", solution.Message, StringComparison.Ordinal);
        Assert.All(solution.Value.ToArray(), element => Assert.True(double.IsFinite(element)));
    }

    /// <summary>Whoever compares the largest residual of a batch with a bound must not be told that of the others.</summary>
    [Fact]
    public void NaN_is_the_residual_of_a_batch_with_one()
    {
        var items = FixedPoint.SolveEach((d, z) => (0.5 * z) + d, Tensor.Of(1.0, double.NaN, 2.0), Tensor.Zeros([3]));
        Assert.Equal(double.NaN, items.Residual);
        LinearSolution columns = LinearSystem.TrySolve(
            LinearOperator.Dense(Tensor.Eye(2)),
            Tensor.Of(
                new double[,]
                {
                    { 1.0, double.NaN },
                    { 1.0, 1.0 },
                }
            ),
            new LinearSolver.Gmres()
        );
        Assert.Equal(double.NaN, columns.Residual);
    }

    [Fact]
    public void NaN_at_the_start()
    {
        Solution<Tensor> solution = Root.Solve(z => Tensor.Log(z), Tensor.Of([-1.0]));
        Assert.Equal(SolveStatus.NonFinite, solution.Status);
        Assert.Equal(0, solution.Steps);
        Assert.Equal([-1.0], solution.Value.ToArray());
        Assert.EndsWith(
            "at step 0. Try a start inside the function's domain, smaller units, or damping.",
            solution.Message
        );
    }

    /// <summary>Where every z is a fixed point, the system of the derivative is singular: by each solver an error of the same kind and name.</summary>
    [Fact]
    public void A_singular_derivative_is_named()
    {
        foreach (
            LinearSolver solver in new LinearSolver[]
            {
                new LinearSolver.Direct(),
                new LinearSolver.Gmres(),
                new LinearSolver.BiCgStab(),
            }
        )
        {
            var options = new EquationOptions
            {
                Method = new Picard(),
                Derivative = new ImplicitDerivative.Exact(solver),
            };
            Tensor Loss(Tensor p) => Tensor.Sum(FixedPoint.Find(z => z + (p - 0.5), Tensor.Of([1.0, 2.0]), options));
            string expected = solver is LinearSolver.Direct ? "Singular" : "Breakdown";
            foreach (
                Action solve in new Action[]
                {
                    () => Differentiation.Grad(Loss, Tensor.Scalar(0.5)).ToArray(),
                    () => Differentiation.Jvp(Loss, Tensor.Scalar(0.5), Tensor.Scalar(1.0)).Tangent.ToArray(),
                    () => Vectorisation.Vmap(p => Differentiation.Grad(Loss, p), Tensor.Of([0.5, 0.5])).ToArray(),
                }
            )
                Assert.StartsWith(
                    $"[the derivative of fixedPoint] {expected}",
                    Assert.Throws<SolveException>(solve).Message,
                    StringComparison.Ordinal
                );
        }
    }

    [Fact]
    public void The_step_limit()
    {
        var options = new EquationOptions { Method = new Picard(), MaxSteps = 7 };
        Solution<Tensor> solution = FixedPoint.Solve(z => Tensor.Cos(z), Tensor.Scalar(0.0), options);
        Assert.Equal(SolveStatus.MaxStepsReached, solution.Status);
        Assert.Equal(8, solution.Trace.Count);
        Assert.Equal(solution.Trace.Min(), solution.Residual);
        var error = Assert.Throws<SolveException>(() =>
            FixedPoint.Find(z => Tensor.Cos(z), Tensor.Scalar(0.0), options)
        );
        Assert.StartsWith("[fixedPoint] MaxStepsReached", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_singular_Jacobian_on_the_way()
    {
        Solution<Tensor> solution = Root.Solve(z => (z * z) + 1.0, Tensor.Of([0.0]));
        Assert.Equal(SolveStatus.StepFailed, solution.Status);
        Assert.Contains("singular", solution.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>z² = p has a double root at p = 0, where nothing can be differentiated.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_singular_Jacobian_at_the_solution(bool isKrylov)
    {
        Tensor Find(Tensor p) =>
            Root.Find(
                z => (z * z) - p,
                Tensor.Of([0.0]),
                new EquationOptions
                {
                    Derivative = new ImplicitDerivative.Exact(isKrylov ? new LinearSolver.Gmres() : null),
                }
            );
        Exception error = Assert.ThrowsAny<Exception>(() =>
            Differentiation.Grad((Tensor p) => Tensor.Sum(Find(p)), Tensor.Of([0.0])).ToArray()
        );
        Assert.Contains("singular", error.Message, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>∂F/∂z is a cyclic shift, on which GMRES gains nothing before its last step.</summary>
    [Fact]
    public void An_adjoint_solve_that_stagnates_is_an_error()
    {
        const int n = 12;
        var options = new EquationOptions
        {
            Method = new Newton(),
            Derivative = new ImplicitDerivative.Exact(new LinearSolver.Gmres(4)),
        };
        Tensor Find(Tensor p) =>
            Root.Find(
                z => Tensor.Concat([Tensor.Slice(z, 0, 1), Tensor.Slice(z, 0, 0, 1)], 0) - p,
                Tensor.Zeros([n]),
                options
            );
        Tensor First(Tensor p) => Find(p)[0];
        var at = Tensor.Ones([n]);
        Assert.Equal(1.0, First(at).ToDouble(), 1e-12);
        foreach (
            Func<Tensor> derivative in new Func<Tensor>[]
            {
                () => Differentiation.Grad(First, at),
                () => Differentiation.Jvp(First, at, Tensor.Of([1.0, .. new double[n - 1]])).Tangent,
            }
        )
        {
            var error = Assert.Throws<SolveException>(() => derivative().ToArray());
            Assert.StartsWith("[the derivative of root] Stagnated", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A solve inside the function that fails is a step that could not be computed.</summary>
    [Fact]
    public void A_failure_inside_the_function()
    {
        Tensor F(Tensor z) => FixedPoint.Find(y => (2.0 * y) + z, z, new EquationOptions { Method = new Picard() });
        Solution<Tensor> solution = FixedPoint.Solve(F, Tensor.Ones([1]));
        Assert.Equal(SolveStatus.StepFailed, solution.Status);
        Assert.Contains("Diverged", solution.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_said_at_the_call()
    {
        Says("the type of the state", () => FixedPoint.Find(z => Tensor.Sum(z), Tensor.Zeros([2])));
        Says("floating-point", () => FixedPoint.Find(z => z, Tensor.Arange(3)));
        Says("at least one tensor", () => FixedPoint.Find(z => z, Array.Empty<Tensor>()));
        Says("damping", () => With(new EquationOptions { Method = new Picard(0.0) }));
        Says("memory", () => With(new EquationOptions { Method = new Anderson(0) }));
        Says("period", () => With(new EquationOptions { Method = new Anderson(Period: 0) }));
        Says("memory", () => With(new EquationOptions { Method = new Broyden(0) }));
        Says("tolerances", () => With(new EquationOptions { RelativeTolerance = -1.0 }));
        Says("step limit", () => With(new EquationOptions { MaxSteps = -1 }));
        Says("phantom", () => With(new EquationOptions { Derivative = new ImplicitDerivative.Phantom(0, 1.0) }));
        Says("Neumann", () => With(new EquationOptions { Derivative = new ImplicitDerivative.Neumann(-1) }));
        Says(
            "inside a transform use fixedPoint",
            () =>
                Differentiation.Grad(
                    (Tensor p) => FixedPoint.Solve(z => Tensor.Cos(z) + p, p).Value,
                    Tensor.Scalar(0.0)
                )
        );

        static void With(EquationOptions options) => FixedPoint.Find(z => Tensor.Cos(z), Tensor.Zeros([1]), options);

        static void Says(string text, Action call) =>
            Assert.Contains(text, Assert.Throws<TensorException>(call).Message, StringComparison.Ordinal);
    }
}
