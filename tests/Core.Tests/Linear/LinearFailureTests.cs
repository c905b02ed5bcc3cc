using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>What cannot be solved says so, and why.</summary>
public sealed class LinearFailureTests
{
    /// <summary>The residual of GMRES stays 1 until the step that makes the whole space.</summary>
    [Fact]
    public void Short_restarts_stagnate_on_the_cyclic_shift()
    {
        Tensor first = Tensor.Of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        string message = Message(Shift(6), first, new LinearSolver.Gmres(5));
        Assert.Contains("Stagnated", message, StringComparison.Ordinal);
        Assert.Contains("Residual 1 after 5 steps", message, StringComparison.Ordinal);
        Tensor x = LinearSystem.Solve(Shift(6), first, new LinearSolver.Gmres(6));
        Assert.Equal(first.ToArray(), Shift(6)(x).ToArray());
    }

    [Fact]
    public void A_singular_system_breaks_down()
    {
        Tensor diagonal = Tensor.Of(1.0, 0.0);
        Tensor right = Tensor.Of(1.0, 1.0);
        foreach (
            LinearSolver solver in new LinearSolver[]
            {
                new LinearSolver.Cg(),
                new LinearSolver.Gmres(),
                new LinearSolver.BiCgStab(),
            }
        )
            Assert.Contains("Breakdown", Message(v => diagonal * v, right, solver), StringComparison.Ordinal);
        Assert.Throws<TensorException>(() => LinearSystem.Solve(v => diagonal * v, right, new LinearSolver.Dense()));
    }

    [Fact]
    public void Conjugate_gradients_refuse_negative_curvature()
    {
        Tensor diagonal = Tensor.Of(1.0, -1.0);
        Assert.Contains(
            "Breakdown",
            Message(v => diagonal * v, Tensor.Of(1.0, 1.0), new LinearSolver.Cg()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_step_limit_and_not_a_number_are_failures()
    {
        Tensor diagonal = Tensor.Of(1.0, 2.0, 3.0, 4.0);
        Tensor right = Tensor.Of(1.0, 1.0, 1.0, 1.0);
        foreach (
            LinearSolver.Krylov solver in new LinearSolver.Krylov[]
            {
                new LinearSolver.Cg(),
                new LinearSolver.Gmres(),
                new LinearSolver.BiCgStab(),
            }
        )
        {
            Assert.Contains(
                "MaxSteps",
                Message(v => diagonal * v, right, solver with { MaxSteps = 2 }),
                StringComparison.Ordinal
            );
            Assert.Contains("NonFinite", Message(v => v * double.NaN, right, solver), StringComparison.Ordinal);
        }
    }

    /// <summary>The solve succeeds and the transposed solve of its gradient does not.</summary>
    [Fact]
    public void A_gradient_whose_solve_fails_is_an_error()
    {
        var solver = new LinearSolver.Gmres(5);
        Tensor ones = Tensor.Of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
        Tensor weight = Tensor.Of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        Close.Elementwise(ones.ToArray(), LinearSystem.Solve(Shift(6), ones, solver).ToArray(), 1e-14);
        SolveException error = Assert.Throws<SolveException>(() =>
            Differentiation.Grad(b => Tensor.Sum(weight * LinearSystem.Solve(Shift(6), b, solver)), ones).ToArray()
        );
        Assert.Contains("Stagnated", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_linear_or_has_another_type_is_refused()
    {
        Tensor right = Tensor.Of(1.0, 2.0);
        Assert.Throws<TensorException>(() => LinearSystem.Solve(v => v + 1.0, right));
        Assert.Throws<TensorException>(() => LinearSystem.Solve(v => Tensor.Sum(v), right));
        Assert.Throws<TensorException>(() => LinearSystem.Solve(v => v, right, new LinearSolver.Gmres(0)));
    }

    private static Func<Tensor, Tensor> Shift(int n)
    {
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
            matrix[(((i + 1) % n) * n) + i] = 1.0;
        var shift = Tensor.Of(matrix, [n, n]);
        return v => Tensor.MatMul(shift, v);
    }

    private static string Message(Func<Tensor, Tensor> a, Tensor b, LinearSolver solver) =>
        Assert.Throws<SolveException>(() => LinearSystem.Solve(a, b, solver)).Message;
}
