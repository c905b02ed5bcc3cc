using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Systems that few steps do not solve: what they come to may be what is wanted, or nothing.</summary>
public sealed class OnFailTests
{
    private static readonly Tensor Diagonal = Tensor.Of(1.0, 2.0, 3.5, 5.0, 8.0);

    private static readonly Tensor B = Tensor.Of(1.0, -2.0, 0.5, 3.0, 1.5);

    private static readonly Tensor V = Tensor.Of(0.3, 1.0, -1.0, 0.2, 0.7);

    private static LinearSolver.Cg Inexact(int steps) => new() { MaxSteps = steps, OnFail = OnFail.Best };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void The_best_iterate_is_that_of_so_many_steps(int steps)
    {
        Close.Elementwise(ConjugateGradients(B, steps), Solve(B, Inexact(steps)).ToArray(), 1e-12);
        Assert.Throws<SolveException>(() => Solve(B, Inexact(steps) with { OnFail = OnFail.Throw }).ToArray());
    }

    /// <summary>Cotangents and tangents are found by as many steps.</summary>
    [Fact]
    public void Its_derivatives_are_as_inexact()
    {
        double[] expected = ConjugateGradients(V, 2);
        Tensor pulled = Differentiation.Grad((Tensor b) => Tensor.Dot(V, Solve(b, Inexact(2))), B);
        Tensor pushed = Differentiation.Jvp((Tensor b) => Solve(b, Inexact(2)), B, V).Tangent;
        Close.Elementwise(expected, pulled.ToArray(), 1e-12);
        Close.Elementwise(expected, pushed.ToArray(), 1e-12);
    }

    /// <summary>argmin ½Σd·x² − w·Σb·x: its derivative by w along v is b·H⁻¹v, for which two steps are taken, as implicit MAML takes a few.</summary>
    [Fact]
    public void A_minimum_is_differentiated_by_few_steps_where_it_is_asked_to_be()
    {
        Tensor Loss(Tensor w, LinearSolver solver) =>
            Tensor.Dot(
                V,
                Implicit.Minimise.Argmin(
                    (Tensor x) => (0.5 * Tensor.Sum(Diagonal * x * x)) - (w * Tensor.Dot(B, x)),
                    Tensor.Zeros([5]),
                    new MinimiseOptions { Derivative = new ImplicitDerivative.Exact(solver) }
                )
            );
        Tensor one = Tensor.Scalar(1.0);
        Tensor slope = Differentiation.Grad((Tensor w) => Loss(w, Inexact(2)), one);
        Close.Elementwise([Tensor.Dot(B, Tensor.Of(ConjugateGradients(V, 2))).ToArray()[0]], slope.ToArray(), 1e-10);
        Assert.Throws<SolveException>(() =>
            Differentiation.Grad((Tensor w) => Loss(w, new LinearSolver.Cg { MaxSteps = 2 }), one).ToArray()
        );
    }

    /// <summary>Two steps solve a system with two eigenvalues, and none with five.</summary>
    [Fact]
    public void An_item_that_is_not_solved_may_be_NaN_without_a_part_in_derivatives()
    {
        Tensor diagonals = Tensor.Stack([Tensor.Of(2.0, 2.0, 4.0, 4.0, 4.0), Diagonal]);
        LinearSolver.Cg solver = Inexact(2) with { OnFail = OnFail.Nan };
        Tensor Solved(Tensor b) =>
            Vectorisation.Vmap(d => LinearSystem.Solve(LinearOperator.OfLinear(v => d * v, b), b, solver), diagonals);
        Tensor x = Solved(B);
        Close.Elementwise((B / diagonals[0]).ToArray(), x[0].ToArray(), 1e-12);
        Assert.All(x[1].ToArray(), element => Assert.True(double.IsNaN(element)));
        Tensor Loss(Tensor b) => Tensor.Sum(Tensor.Where(Tensor.IsFinite(Solved(b)), Solved(b), 0.0));
        Close.Elementwise((1.0 / diagonals[0]).ToArray(), Differentiation.Grad(Loss, B).ToArray(), 1e-12);
        double forward = Differentiation.Jvp(Loss, B, V).Tangent.ToArray()[0];
        Close.Elementwise([Tensor.Sum(V / diagonals[0]).ToArray()[0]], [forward], 1e-12);
    }

    /// <summary>Two steps solve for a multiple of an eigenvector, and not for the cotangent: the derivative is NaN, as the solution would be.</summary>
    [Fact]
    public void A_derivative_that_is_not_solved_is_NaN_too()
    {
        LinearSolver.Cg solver = Inexact(2) with { OnFail = OnFail.Nan };
        Tensor b = Tensor.Of(1.0, 0.0, 0.0, 0.0, 0.0);
        Assert.Equal(b.ToArray(), Solve(b, solver).ToArray());
        Assert.All(
            Differentiation.Grad((Tensor b) => Tensor.Dot(V, Solve(b, solver)), b).ToArray(),
            slope => Assert.True(double.IsNaN(slope))
        );
        Assert.All(
            Differentiation.Jvp((Tensor b) => Solve(b, solver), b, V).Tangent.ToArray(),
            slope => Assert.True(double.IsNaN(slope))
        );
    }

    private static Tensor Solve(Tensor b, LinearSolver solver) =>
        LinearSystem.Solve(LinearOperator.OfLinear(v => Diagonal * v, b), b, solver);

    /// <summary>Hestenes and Stiefel 1952, equations 3:1, from 0.</summary>
    private static double[] ConjugateGradients(Tensor b, int steps)
    {
        Tensor x = Tensor.ZerosLike(b);
        Tensor r = b;
        Tensor p = r;
        for (int i = 0; i < steps; i++)
        {
            Tensor step = Tensor.Dot(r, r) / Tensor.Dot(p, Diagonal * p);
            Tensor before = Tensor.Dot(r, r);
            x += step * p;
            r -= step * Diagonal * p;
            p = r + (Tensor.Dot(r, r) / before * p);
        }
        return x.ToArray();
    }
}
