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

    public static TheoryData<string> Names => [.. Failures.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_the_reason_in_the_account(string name)
    {
        (Func<Tensor> inner, Tensor start, Tensor starts) = (Failures[name], Ones([2]), Ones([3, 2]));
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
        (Func<Tensor> inner, Tensor times) = (Failures[name], Tensor.Of(0.5, 1.0));
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
}
