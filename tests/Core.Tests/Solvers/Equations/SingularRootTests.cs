using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>Where ∂F/∂z is singular at the root, the root is found at a linear rate, and said to be singular; it has no derivative.</summary>
public sealed class SingularRootTests
{
    /// <summary>zᵏ = 0: ‖F‖ falls by (1 − 1/k)ᵏ, between a quarter and 1/e, in every step.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_multiple_root_is_told(int k)
    {
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            var start = Tensor.Cast(Tensor.Of([0.7, 1.3]), dtype);
            Solution<Tensor> solution = Root.Solve(z => Tensor.Pow(z, (double)k), start);
            Assert.True(solution.IsSuccess, solution.Message);
            Assert.True(solution.IsSingular);
            Assert.Contains("∂F/∂z is singular", solution.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Also where the root was met to the last bit, and ∂F/∂z is 0, or has a pivot that is but rounding.</summary>
    [Fact]
    public void A_start_at_the_root_is_told()
    {
        Tensor thirds = Tensor.Of([0.1, 0.2, 0.3, 0.3, 0.6, 0.9, 1.1, 0.7, 0.2], [3, 3]);
        foreach (
            Solution<Tensor> solution in new[]
            {
                Root.Solve(z => z * z, Tensor.Zeros([2])),
                Root.Solve(z => Tensor.MatMul(thirds, z), Tensor.Zeros([3])),
            }
        )
            Assert.True(solution.IsSuccess && solution.IsSingular, solution.Message);
    }

    /// <summary>Two roots that are nearer to each other than the tolerance are one; otherwise they are regular.</summary>
    [Theory]
    [InlineData(1e-2, false)]
    [InlineData(1e-7, true)]
    public void Roots_side_by_side(double apart, bool isSingular)
    {
        Solution<Tensor> solution = Root.Solve(z => z * (z - apart), Tensor.Of([1.0]));
        Assert.True(solution.IsSuccess, solution.Message);
        Assert.Equal(isSingular, solution.IsSingular);
    }

    /// <summary>A regular root is not suspected: badly scaled, nearly singular, with a large second derivative, or met exactly.</summary>
    [Theory]
    [InlineData(1e-10)]
    [InlineData(1e-12)]
    public void A_regular_root_is_not_suspected(double tolerance)
    {
        Tensor scales = Tensor.Of([1e-9, 1.0, 1e4]);
        Regular(z => scales * ((z * z) - 2.0), [1.0, 1.0, 1.0]);
        Regular(z => Tensor.Exp(30.0 * z) - 2.0, [0.5]);
        Regular(z => z - 3.0, [3.0]);
        Tensor close = Tensor.Of([1.0, 1.0, 1.0, 1.0 + 1e-6], [2, 2]);
        Regular(z => Tensor.MatMul(close, z * z) - 2.0, [1.1, 0.9]);

        void Regular(Func<Tensor, Tensor> f, double[] start)
        {
            Solution<Tensor> solution = Root.Solve(
                f,
                Tensor.Of(start),
                new EquationOptions { RelativeTolerance = tolerance }
            );
            Assert.True(solution.IsSuccess, solution.Message);
            Assert.False(solution.IsSingular);
            Assert.DoesNotContain("singular", solution.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>In a batch each item is told of by itself, whether its matrix can be factorised at the point found or not.</summary>
    [Theory]
    [InlineData(1.0)]
    [InlineData(0.0)]
    public void An_item_of_a_batch_is_told_of_by_itself(double start)
    {
        Solution<Tensor> solution = Root.SolveEach(
            (Tensor p, Tensor z) => ((z - 1.0) * (z - 1.0)) - p,
            Tensor.Of([4.0, 0.0, 9.0, double.NaN]),
            Tensor.Full([4, 1], start + 1.0) + Tensor.Of([1.0, 0.0, 1.0, 1.0], [4, 1])
        );
        Assert.Equal([false, true, false, false], solution.Reports.Select(report => report.IsSingular));
        Assert.Equal([true, true, true, false], solution.Reports.Select(report => report.IsSuccess));
        Assert.Equal(SolveStatus.NonFinite, solution.Status);
        Solution<Tensor> sound = Root.SolveEach(
            (Tensor p, Tensor z) => (z * z) - p,
            Tensor.Of([4.0, 0.0]),
            Tensor.Ones([2, 1])
        );
        Assert.True(sound.IsSuccess && sound.IsSingular && sound.Report.IsSingular);
    }

    /// <summary>z² = p at 0: a point near 0 is found, where ∂F/∂z can be inverted but says nothing.</summary>
    [Fact]
    public void A_singular_root_has_no_derivative()
    {
        Tensor Find(Tensor p) => Root.Find(z => (z * z) - p, Tensor.OnesLike(p));
        var at = Tensor.Zeros([2]);
        Says("[root] Singular: the solution is not isolated", () => Differentiation.Grad(p => Tensor.Sum(Find(p)), at));
        Says("[root] Singular", () => Differentiation.Jvp(Find, at, Tensor.Ones([2])).Tangent);
        Says(
            "for item 1 of 3",
            () => Differentiation.Grad(p => Tensor.Sum(Vectorisation.Vmap(Find, p)), Tensor.Of([4.0, 0.0, 9.0], [3, 1]))
        );
        Tensor regular = Differentiation.Grad(p => Tensor.Sum(Find(p)), Tensor.Of([4.0, 9.0]));
        Close.Elementwise([0.25, 1.0 / 6], regular.ToArray(), 1e-9);

        static void Says(string text, Func<Tensor> derivative) =>
            Assert.Contains(
                text,
                Assert.Throws<SolveException>(() => derivative().ToArray()).Message,
                StringComparison.Ordinal
            );
    }

    /// <summary>Whatever found the root, and whatever solves for the derivative.</summary>
    [Theory]
    [InlineData("broyden")]
    [InlineData("broyden 2")]
    [InlineData("newton, gmres")]
    [InlineData("newton")]
    public void Every_method_and_solver_asks(string method)
    {
        EquationMethod finds = EquationCases.Methods[method];
        foreach (
            LinearSolver? solver in new LinearSolver?[]
            {
                null,
                new LinearSolver.Gmres(),
                new LinearSolver.BiCgStab(),
                new LinearSolver.Direct(),
            }
        )
        {
            var options = new EquationOptions { Method = finds, Derivative = new ImplicitDerivative.Exact(solver) };
            Tensor Find(Tensor p) => Root.Find(z => (z * z) - p, Tensor.OnesLike(p), options);
            Tensor Whole(Tensor p) => Tensor.Sum(Vectorisation.Vmap(Find, p));
            foreach (
                Func<Tensor> derivative in new Func<Tensor>[]
                {
                    () => Differentiation.Grad(Whole, Tensor.Of([4.0, 0.0], [2, 1])),
                    () => Vectorisation.Vmap(p => Differentiation.Grad(Find, p), Tensor.Of([4.0, 0.0])),
                    () => Differentiation.Jvp(Find, Tensor.Zeros([1]), Tensor.Ones([1])).Tangent,
                }
            )
                Assert.Contains(
                    "[root] Singular: the solution is not isolated",
                    Assert.Throws<SolveException>(() => derivative().ToArray()).Message,
                    StringComparison.Ordinal
                );
            Tensor regular = Differentiation.Grad(Whole, Tensor.Of([4.0, 9.0], [2, 1]));
            Close.Elementwise([0.25, 1.0 / 6], regular.ToArray(), 1e-9);
            // A contraction, met but for 1e-4.
            var wide = options with
            {
                RelativeTolerance = 1e-4,
            };
            Tensor Meet(Tensor p) => Root.Find(z => Tensor.Cos(z) - z + p, Tensor.Zeros([1]), wide);
            Assert.Equal(0.6, Differentiation.Grad(p => Tensor.Sum(Meet(p)), Tensor.Zeros([1])).ToArray()[0], 0.01);
        }
        Solution<Tensor> flagged = Root.Solve(z => z * z, Tensor.Of([0.7]), new EquationOptions { Method = finds });
        Assert.True(flagged.IsSuccess && flagged.IsSingular, flagged.Message);
    }

    [Fact]
    public void An_answer_of_the_caller_s_at_a_singular_root_has_no_derivative()
    {
        Tensor Find(Tensor p) => Root.Custom((p, z0) => z0, (p, z) => (z * z) - p, p, Tensor.Of([1e-6]));
        Assert.Equal(1e-6, Find(Tensor.Zeros([1])).ToArray()[0]);
        Assert.Throws<SolveException>(() =>
            Differentiation.Grad(p => Tensor.Sum(Find(p)), Tensor.Zeros([1])).ToArray()
        );
    }
}
