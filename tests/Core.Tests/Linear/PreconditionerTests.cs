using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Preconditioners and starts save steps and change nothing else, derivatives included.</summary>
public sealed class PreconditionerTests
{
    private const int N = 30;

    /// <summary>Far from symmetric, and ill scaled.</summary>
    private static readonly double[] Rows =
    [
        .. Enumerable
            .Range(0, N * N)
            .Select(k => (I: k / N, J: k % N))
            .Select(at =>
                at.I == at.J ? 1.0 + (at.I * at.I)
                : at.J == at.I + 1 ? 3.0
                : 0.1 * Math.Sin(at.I + (2 * at.J))
            ),
    ];

    private static readonly double[] Right = [.. Enumerable.Range(0, N).Select(i => Math.Cos(i))];

    private static readonly LinearOperator A = LinearOperator.Dense(Tensor.Of(Rows, [N, N]));

    /// <summary>The inverse of A's upper triangle.</summary>
    private static readonly LinearOperator Upper = LinearOperator
        .Triangular(Tensor.Of(Rows, [N, N]), lower: false)
        .Inverse();

    public static TheoryData<string> Kinds => [.. Solvers.Keys];

    private static Dictionary<string, LinearSolver.Krylov> Solvers { get; } =
        new()
        {
            ["gmres on the right"] = new LinearSolver.Gmres { Preconditioner = Upper, RelativeTolerance = 1e-12 },
            ["gmres on the left"] = new LinearSolver.Gmres { LeftPreconditioner = Upper, RelativeTolerance = 1e-12 },
            ["gmres on both sides"] = new LinearSolver.Gmres
            {
                LeftPreconditioner = LinearOperator.Diagonal(1.0 / Tensor.Sqrt(Tensor.Diagonal(A.ToMatrix()))),
                Preconditioner = LinearOperator.Diagonal(1.0 / Tensor.Sqrt(Tensor.Diagonal(A.ToMatrix()))),
                RelativeTolerance = 1e-12,
            },
            ["bicgstab"] = new LinearSolver.BiCgStab { Preconditioner = Upper, RelativeTolerance = 1e-12 },
        };

    /// <summary>∂(A⁻¹b)/∂b is A⁻¹ whatever the preconditioner: the adjoint solve must use its transpose (lineax issue 160).</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_derivative_is_the_inverse_and_steps_are_saved(string kind)
    {
        LinearSolver.Krylov solver = Solvers[kind];
        Tensor b = Tensor.Of(Right);
        double[] inverse = Tensor.Inverse(A.ToMatrix()).ToArray();
        Tensor rows = Jacobians.Jacobian(x => LinearSystem.Solve(A, x, solver), b);
        Tensor columns = Jacobians.JacobianForward(x => LinearSystem.Solve(A, x, solver), b);
        Close.Normwise(inverse, rows.ToArray(), 1e-10);
        Close.Normwise(inverse, columns.ToArray(), 1e-10);
        int plain = LinearSystem.TrySolve(A, b, new LinearSolver.Gmres(N)).Iterations;
        Assert.InRange(LinearSystem.TrySolve(A, b, solver).Iterations, 1, plain - 1);
        // The adjoint's transposed preconditioner is as good as the preconditioner.
        LinearOperator adjoint = A.Inverse(solver).T;
        Close.Normwise(Right, A.T.Apply(adjoint.Apply(b)).ToArray(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_preconditioner_is_made_of_has_no_derivative(string kind)
    {
        Tensor gradient = Differentiation.Grad(
            diagonal =>
            {
                LinearOperator m = LinearOperator.Diagonal(diagonal);
                LinearSolver.Krylov solver = Solvers[kind] is LinearSolver.Gmres { LeftPreconditioner: not null } gmres
                    ? gmres with
                    {
                        LeftPreconditioner = m,
                        Preconditioner = null,
                    }
                    : Solvers[kind] with
                    {
                        Preconditioner = m,
                    };
                return Tensor.Sumsq(LinearSystem.Solve(A, Tensor.Of(Right), solver));
            },
            1.0 / Tensor.Diagonal(A.ToMatrix())
        );
        Assert.All(gradient.ToArray(), element => Assert.Equal(0.0, element));
    }

    [Fact]
    public void Conjugate_gradients_with_a_good_preconditioner_need_fewer_steps()
    {
        double[] scales = [.. Enumerable.Range(0, N).Select(i => Math.Pow(10.0, i / 6.0))];
        Tensor d = Tensor.Of(scales);
        LinearOperator a =
            LinearOperator.Diagonal(d) + LinearOperator.Dense(0.01 * Tensor.Ones([N, N]), OperatorProperties.Symmetric);
        var plain = new LinearSolver.Cg { RelativeTolerance = 1e-12, MaxSteps = 2000 };
        LinearSolver.Krylov jacobi = plain with { Preconditioner = LinearOperator.Diagonal(1.0 / d) };
        LinearSolution without = LinearSystem.TrySolve(a, Tensor.Of(Right), plain);
        LinearSolution with = LinearSystem.TrySolve(a, Tensor.Of(Right), jacobi);
        Assert.True(with.IsSuccess);
        Assert.InRange(with.Iterations, 1, without.Iterations / 3);
        Close.Normwise(without.Value.ToArray(), with.Value.ToArray(), 1e-9);
        Tensor expected = Tensor.Inverse(a.ToMatrix());
        Tensor jacobian = Jacobians.Jacobian(x => LinearSystem.Solve(a, x, jacobi), Tensor.Of(Right));
        Close.Normwise(expected.ToArray(), jacobian.ToArray(), 1e-10);
    }

    [Fact]
    public void A_start_saves_steps_and_has_no_derivative()
    {
        Tensor b = Tensor.Of(Right);
        LinearOperator a =
            LinearOperator.Diagonal(Tensor.Of([.. Enumerable.Range(0, N).Select(i => 1.0 + (i / 10.0))]))
            + (0.2 * A.T * Upper.T);
        var solver = new LinearSolver.Gmres(N) { RelativeTolerance = 1e-10 };
        LinearSolution cold = LinearSystem.TrySolve(a, b, solver);
        LinearSolution warm = LinearSystem.TrySolve(a, b, solver, cold.Value);
        Assert.True(cold.Iterations > 5);
        Assert.Equal(0, warm.Iterations);
        Tensor near = cold.Value + (1e-6 * Tensor.Of(Right));
        Assert.InRange(LinearSystem.TrySolve(a, b, solver, near).Iterations, 1, cold.Iterations - 1);
        Tensor[] gradient = Differentiation.Grad(
            p => Tensor.Sum(LinearSystem.Solve(a, p[0], solver, p[1])),
            new[] { b, near }
        );
        Close.Normwise(Tensor.Sum(Tensor.Inverse(a.ToMatrix()), 0).ToArray(), gradient[0].ToArray(), 1e-9);
        Assert.All(gradient[1].ToArray(), element => Assert.Equal(0.0, element));
    }

    [Fact]
    public void A_preconditioner_of_another_type_is_refused()
    {
        var solver = new LinearSolver.Gmres { Preconditioner = LinearOperator.Identity(Tensor.Of(1.0)) };
        Assert.Throws<TensorException>(() => LinearSystem.Solve(A, Tensor.Of(Right), solver));
        var lsmr = new LinearSolver.Lsmr { Preconditioner = Upper };
        Assert.Throws<TensorException>(() => LinearSystem.Solve(A, Tensor.Of(Right), lsmr));
    }
}
