using Xunit;
using static Implicit.Functions;

namespace Implicit.Tests.Solvers;

/// <summary>A solve that the function rests on fails without the unknowns: the account says so, and nothing is raised.</summary>
public sealed class InnerFailureTests
{
    private static readonly Dictionary<string, Func<Tensor>> Failures = new()
    {
        ["StepFailed"] = () => Root.Find(u => (u * u) + 1.0, Scalar(0.0)),
        ["Singular"] = () =>
            Sum(LinearSystem.Solve(LinearOperator.Dense(Zeros([2, 2])), Ones([2]), new LinearSolver.Direct())),
        ["singular"] = () => Sum(Inverse(Zeros([2, 2]))),
    };

    /// <summary>What has a result for numbers up to a half only, by the beginning of what it says beyond.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Beyond = new()
    {
        ["[cholesky] the matrix must be positive definite"] = s => Cholesky(Eye(2) * (0.5 - s)),
        ["[cholesky] the matrix must be finite"] = s => Cholesky(Eye(2) * OrNaN(s)),
        ["[lu] the matrix must be finite"] = s => Lu(Eye(2) * OrNaN(s)).Item3,
        ["[qr] the matrix must be finite"] = s => Qr(Eye(2) * OrNaN(s)).Item2,
        ["[qr] to be differentiated"] = s => Grad(x => Sum(Qr(x).Item2), Eye(2) * OrZero(s)),
        ["[eigh] the matrix must be finite"] = s => Eigh(Eye(2) * OrNaN(s)).Item1,
        ["[eigh] the derivative"] = s => Grad(x => Sum(Eigh(Diag(x)).Item2), Stack([1.0 + OrZero(s), Scalar(1.0)])),
        ["[svd] the matrix must be finite"] = s => Svd(Eye(2) * OrNaN(s)).Item2,
        ["[svd] the derivative"] = s => Grad(x => Sum(Svd(Diag(x)).Item1), Stack([1.0 + OrZero(s), Scalar(1.0)])),
        ["[lstsq] the columns"] = s => Lstsq(Eye(2) * OrZero(s), Ones([2])),
        ["[logdet] the determinant"] = s => LogDet(Reshape(0.5 - s, [1, 1])),
        ["[whileLoop] the condition"] = s => WhileLoop(x => s > 0.5, x => x + 1.0, StopGradient(s), maxSteps: 10),
        ["[qp] PrimalInfeasible"] = s => Argmin(Minimise((Tensor x) => x * x).SubjectTo(x => [x >= s, x <= 0.5]), s),
    };

    public static TheoryData<string> Names => [.. Failures.Keys, .. Beyond.Keys];

    public static TheoryData<string> NamesBeyond => [.. Beyond.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_the_reason_in_the_account(string name)
    {
        (Func<Tensor> inner, Tensor start, Tensor starts) = (Failure(name), Ones([2]), Ones([3, 2]));
        Check(1, FixedPoint.Solve(z => (0.1 * z) + inner(), start));
        Check(1, Root.Solve(z => z + inner(), start));
        Check(1, Minimise.Solve(x => Sumsq(x) + inner(), start));
        Check(1, LeastSquares.Solve(x => x + inner(), start));
        Check(3, FixedPoint.Solve(z => (0.1 * z) + inner(), starts, new EquationOptions { PerItem = true }));
        Check(3, FixedPoint.SolveEach((d, z) => (d * z) + inner(), starts, starts));
        Check(3, Root.SolveEach((d, z) => (d * z) + inner(), starts, starts));
        Check(3, Minimise.SolveEach((d, x) => Sumsq(d * x) + inner(), starts, starts));
        Check(3, LeastSquares.SolveEach((d, x) => (d * x) + inner(), starts, starts));

        void Check(int items, Solution<Tensor> solution)
        {
            Assert.Equal(items, solution.Reports.Count);
            Assert.All(solution.Reports, report => Assert.Equal(SolveStatus.StepFailed, report.Status));
            Assert.Equal((0, double.NaN), (solution.Steps, solution.Residual));
            Assert.Contains(name, solution.Message, StringComparison.Ordinal);
            Assert.Equal((items == 1 ? start : starts).ToArray(), solution.Value.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_the_reason_in_the_account_of_a_differential_equation(string name)
    {
        (Func<Tensor> inner, Tensor times) = (Failure(name), Tensor.Of(0.5, 1.0));
        Check(Implicit.Ode.Solve((t, y) => y + inner(), times, Ones([2])));
        Check(Implicit.Ode.SolveEach((d, t, y) => (d * y) + inner(), Ones([3, 2]), times, Ones([3, 2])).Items[2]);

        void Check(OdeSolution<Tensor> solution)
        {
            Assert.Equal((OdeStatus.StepFailed, 0), (solution.Status, solution.Statistics.Evaluations));
            Assert.Contains(name, solution.Message, StringComparison.Ordinal);
            Assert.Equal([0.5], solution.Times.ToArray());
            Assert.Equal([1.0, 1.0], solution.Values.ToArray());
            Assert.Equal([1.0, 1.0], solution.At(0.5).ToArray());
            Assert.Throws<TensorException>(() => solution.At(0.6));
        }
    }

    /// <summary>What fails at some numbers ends the solve that meets them, with the reason, and no other item.</summary>
    [Theory]
    [MemberData(nameof(NamesBeyond))]
    public void It_ends_the_item_that_meets_it(string name)
    {
        Func<Tensor, Tensor> nothing = z => 0.0 * (z + Sum(Beyond[name](Sum(z))));
        (Tensor times, Tensor data, Tensor starts) = (Tensor.Of(0.0, 1.0), Tensor.Of(0.25, 1.0), Zeros([2, 1]));
        OdeSolution<Tensor> flow = Implicit.Ode.Solve((t, y) => 1.0 + nothing(y), times, Zeros([1]));
        Assert.Equal(OdeStatus.StepFailed, flow.Status);
        Assert.Contains(name, flow.Message, StringComparison.Ordinal);
        Assert.Equal(0.49, flow.At(0.49).ToDouble(), 1e-12);
        OdeSolutions<Tensor> flows = Implicit.Ode.SolveEach((d, t, y) => d + nothing(y), data, times, starts);
        Assert.Equal([OdeStatus.Success, OdeStatus.StepFailed], flows.Items.Select(item => item.Status));
        Check(FixedPoint.SolveEach((d, z) => (0.5 * (z + d)) + nothing(z), data, starts));
        Check(Root.SolveEach((d, z) => (2.0 * (z - d)) + nothing(z), data, starts));
        LinearOperator twice = LinearOperator.Of(x => (2.0 * x) + nothing(x * x), data);
        Assert.Equal(LinearStatus.Breakdown, LinearSystem.TrySolve(twice, data, new LinearSolver.Gmres()).Status);

        void Check(Solution<Tensor> solution)
        {
            Assert.Equal(
                [SolveStatus.Success, SolveStatus.StepFailed],
                solution.Reports.Select(report => report.Status)
            );
            Assert.Contains(name, solution.Reports[1].Message, StringComparison.Ordinal);
            Assert.Equal(0.25, solution.Value.ToArray()[0], 1e-9);
        }
    }

    /// <summary>What a solve is given is computed before it, and fails by its own name.</summary>
    [Fact]
    public void What_is_given_fails_by_itself()
    {
        Func<Tensor> start = () => Tensor.Solve(Zeros([2, 2]), Ones([2]));
        Tensor times = Tensor.Of(0.0, 1.0);
        Raises(() => Implicit.Ode.Solve((t, y) => -y, times, start()));
        Raises(() => Implicit.Ode.Solve((t, y) => -y, start(), Ones([2])));
        Raises(() => Implicit.Ode.SolveEach((d, t, y) => -d * y, Ones([2]), times, start()));
        Raises(() => Implicit.Ode.SolveEach((d, t, y) => -d * y, start(), times, Ones([2])));

        static void Raises(Action act)
        {
            TensorException error = Assert.Throws<TensorException>(act);
            Assert.DoesNotContain("StepFailed", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("item", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What is wrong with the call is no numerical failure.</summary>
    [Fact]
    public void Errors_of_the_caller_are_raised()
    {
        Assert.Throws<TensorException>(() => FixedPoint.Solve(z => Sum(z), Ones([2])));
        Assert.Throws<InvalidOperationException>(() =>
            FixedPoint.Solve<Tensor>(z => throw new InvalidOperationException(), Ones([2]))
        );
    }

    private static Func<Tensor> Failure(string name) =>
        Failures.TryGetValue(name, out Func<Tensor>? failure) ? failure : () => Sum(Beyond[name](Scalar(1.0)));

    private static Tensor OrNaN(Tensor s) => Where(s > 0.5, double.NaN, OnesLike(s));

    private static Tensor OrZero(Tensor s) => Where(s > 0.5, 0.0, OnesLike(s));
}
