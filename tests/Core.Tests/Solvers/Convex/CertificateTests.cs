using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>What has no solution says so, with a proof; and what happens to one item stays with it.</summary>
public sealed class CertificateTests
{
    [Fact]
    public void Contradicting_inequalities_are_primal_infeasible()
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0))
        {
            P = Tensor.Eye(1),
            G = Matrix([1], [-1]),
            H = Tensor.Of(-1.0, -1.0),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.Equal([QpStatus.PrimalInfeasible], solution.Statuses);
        Close.Elementwise([0.5, 0.5], solution.Z.ToArray(), 1e-8);
        SolveException error = Assert.Throws<SolveException>(() => Argmin.Qp(qp));
        Assert.StartsWith("[qp] PrimalInfeasible: no x meets the constraints", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The primal infeasible example of Clarabel's tests: a box whose first bounds cross.</summary>
    [Fact]
    public void A_box_whose_sides_cross_is_primal_infeasible()
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0, 1.0))
        {
            P = Matrix([4, 1], [1, 2]),
            G = Matrix([-1, -1], [-1, 0], [0, -1], [1, 1], [1, 0], [0, 1]),
            H = Tensor.Of(-1.0, 0.0, 0.0, -1.0, 0.7, 0.7),
        };
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.Equal([QpStatus.PrimalInfeasible], solution.Statuses);
        double[] z = solution.Z.ToArray();
        Assert.All(z, each => Assert.True(each >= 0.0));
        Close.Elementwise([0.0, 0.0], Tensor.MatMul(qp.G!.T, solution.Z).ToArray(), 1e-8);
        Close.Elementwise([-1.0], [Tensor.Dot(qp.H!, solution.Z).ToDouble()], 1e-8);
    }

    [Fact]
    public void Crossing_bounds_are_primal_infeasible()
    {
        QpSolution solution = Argmin.SolveQp(
            new QuadraticProgram(Tensor.Zeros([2])) { Lower = Tensor.Of(0.0, 2.0), Upper = Tensor.Of(1.0, 1.0) }
        );
        Assert.Equal([QpStatus.PrimalInfeasible], solution.Statuses);
        double[] lower = solution.ZLower.ToArray();
        double[] upper = solution.ZUpper.ToArray();
        Close.Elementwise(lower, upper, 1e-7);
        Close.Elementwise([-1.0], [upper[0] + upper[1] - (2.0 * lower[1])], 1e-8);
    }

    [Fact]
    public void Falling_for_ever_is_dual_infeasible()
    {
        QpSolution along = Argmin.SolveQp(
            new QuadraticProgram(Tensor.Of(-1.0, 0.0))
            {
                P = Matrix([0, 0], [0, 1]),
                G = Matrix([0, 1]),
                H = Tensor.Of(1.0),
            }
        );
        Assert.Equal([QpStatus.DualInfeasible], along.Statuses);
        Close.Elementwise([1.0, 0.0], along.X.ToArray(), 1e-7);
        QpSolution across = Argmin.SolveQp(
            new QuadraticProgram(Tensor.Of(1.0, -1.0))
            {
                P = Tensor.Ones([2, 2]),
                G = Matrix([1, 1], [1, 0]),
                H = Tensor.Of(1.0, 1.0),
            }
        );
        Assert.Equal([QpStatus.DualInfeasible], across.Statuses);
        Close.Elementwise([-0.5, 0.5], across.X.ToArray(), 1e-7);
    }
}
