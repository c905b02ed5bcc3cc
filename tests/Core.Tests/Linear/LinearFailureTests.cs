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
        // Here a direction grows until its product overflows, which is not the operator's fault.
        Tensor ladder = Tensor.Of(1.0, 2.0, 0.0, 3.0);
        Assert.Contains(
            "Breakdown",
            Message(v => ladder * v, Tensor.Ones([4]), new LinearSolver.Cg()),
            StringComparison.Ordinal
        );
        foreach (
            LinearSolver solver in new LinearSolver[]
            {
                new LinearSolver.Cg(),
                new LinearSolver.Gmres(),
                new LinearSolver.BiCgStab(),
            }
        )
            Assert.Contains("Breakdown", Message(v => diagonal * v, right, solver), StringComparison.Ordinal);
        Assert.Contains(
            "Singular",
            Message(v => diagonal * v, right, new LinearSolver.Direct()),
            StringComparison.Ordinal
        );
    }

    /// <summary>Nor is a start that is no number a breakdown of the method.</summary>
    [Fact]
    public void A_start_that_is_not_finite_is_told()
    {
        foreach (
            LinearSolver solver in new LinearSolver[]
            {
                new LinearSolver.Cg(),
                new LinearSolver.Gmres(),
                new LinearSolver.BiCgStab(),
            }
        )
            Assert.Equal(
                LinearStatus.NonFinite,
                LinearSystem
                    .TrySolve(LinearOperator.Dense(Tensor.Eye(2)), Tensor.Ones([2]), solver, Tensor.Of(double.NaN, 0.0))
                    .Status
            );
    }

    [Fact]
    public void Conjugate_gradients_refuse_curvature_of_both_signs()
    {
        foreach (double weight in new[] { 1.0, 2.0, 0.5 })
        {
            Tensor diagonal = Tensor.Of(1.0, -1.0);
            Assert.Contains(
                "Breakdown",
                Message(v => diagonal * v, Tensor.Of(1.0, weight), new LinearSolver.Cg()),
                StringComparison.Ordinal
            );
        }
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

    /// <summary>A method would take it for a direction that is not there.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_preconditioner_that_gives_not_a_number_is_told(bool onTheLeft)
    {
        Tensor right = Tensor.Of(1.0, 1.0);
        LinearOperator nothing = LinearOperator.Diagonal(Tensor.Of(1.0, double.NaN));
        LinearSolver.Krylov solver = onTheLeft
            ? new LinearSolver.Gmres { LeftPreconditioner = nothing }
            : new LinearSolver.BiCgStab { Preconditioner = nothing };
        Assert.Contains("NonFinite", Message(v => Tensor.Of(1.0, 2.0) * v, right, solver), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, 0.0)]
    [InlineData(-1.0, 0.0)]
    [InlineData(1e-6, double.NaN)]
    public void Tolerances_are_not_negative(double relative, double absolute)
    {
        var solver = new LinearSolver.Cg { RelativeTolerance = relative, AbsoluteTolerance = absolute };
        TensorException error = Assert.Throws<TensorException>(() =>
            LinearSystem.Solve(LinearOperator.Dense(Tensor.Eye(2)), Tensor.Ones([2]), solver)
        );
        Assert.Contains("the tolerances must not be negative", error.Message, StringComparison.Ordinal);
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

    /// <summary>The solution holds the residual that contradicts a false claim.</summary>
    [Fact]
    public void A_solution_that_shows_a_claim_to_be_false_is_a_failure()
    {
        Tensor right = Tensor.Of(4.0, 9.0);
        Tensor upper = Tensor.Of([2.0, 1.0, 0.0, 2.0], [2, 2]);
        LinearSolver direct = new LinearSolver.Direct();
        LinearSolver pseudoinverse = new LinearSolver.Pseudoinverse();
        var square = LinearOperator.Of(x => x * x, right);
        var tall = LinearOperator.Of(x => Tensor.Concat([x * x, x], 0), right);
        foreach (
            (LinearOperator a, Tensor b, LinearSolver solver) in new (LinearOperator, Tensor, LinearSolver)[]
            {
                (LinearOperator.Dense(upper, OperatorProperties.PositiveDefinite), right, direct),
                (LinearOperator.Dense(upper, OperatorProperties.LowerTriangular), right, direct),
                (square, right, direct),
                (square, right, pseudoinverse),
                (tall, Tensor.Of(1.0, 2.0, 3.0, 5.0), direct),
                (tall, Tensor.Of(1.0, 2.0, 3.0, 5.0), pseudoinverse),
            }
        )
        {
            LinearSolution solution = LinearSystem.TrySolve(a, b, solver);
            Assert.Equal(LinearStatus.NotAsClaimed, solution.Status);
            Tensor[] calls = [b, Tensor.Stack([0.0 * b, b])];
            Assert.All(
                calls,
                call =>
                {
                    SolveException error = Assert.Throws<SolveException>(() =>
                        call.Shape.Rank == 1
                            ? LinearSystem.Solve(a, call, solver).ToArray()
                            : Vectorisation.Vmap(one => LinearSystem.Solve(a, one, solver), call).ToArray()
                    );
                    Assert.Contains(
                        "is not linear, or not symmetric or triangular",
                        error.Message,
                        StringComparison.Ordinal
                    );
                }
            );
            Assert.Throws<SolveException>(() =>
                Differentiation.Grad(v => Tensor.Sum(LinearSystem.Solve(a, v, solver)), b).ToArray()
            );
        }
    }

    /// <summary>Its transpose at zero is nothing, so every residual would look like one of least squares.</summary>
    [Fact]
    public void Lsmr_refuses_a_function_that_is_not_linear()
    {
        Tensor right = Tensor.Of(4.0, 9.0);
        var square = LinearOperator.Of(x => x * x, right);
        var lsmr = new LinearSolver.Lsmr();
        Assert.Throws<TensorException>(() => LinearSystem.Solve(square, right, lsmr));
        Assert.Throws<TensorException>(() => LinearSystem.TrySolve(square, right, lsmr));
    }

    /// <summary>Nothing that is not a solution is called one.</summary>
    [Fact]
    public void Accounts_of_failures_name_them_and_keep_the_best()
    {
        Tensor first = Tensor.Of(1.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        LinearOperator shift = LinearOperator.Of(Shift(6), first);
        LinearSolution stagnated = LinearSystem.TrySolve(shift, first, new LinearSolver.Gmres(5));
        Assert.Equal(LinearStatus.Stagnated, stagnated.Status);
        Assert.False(stagnated.IsSuccess);
        Assert.Equal(1.0, stagnated.Residual, 12);
        Assert.Equal(5, stagnated.Iterations);
        Assert.Equal(new double[6], stagnated.Value.ToArray());
        Assert.True(LinearSystem.TrySolve(shift, first, new LinearSolver.Gmres(6)).IsSuccess);

        Tensor right = Tensor.Of(1.0, 1.0, 1.0, 1.0);
        LinearOperator four = LinearOperator.Diagonal(Tensor.Of(1.0, 2.0, 3.0, 4.0));
        LinearSolution short2 = LinearSystem.TrySolve(four, right, new LinearSolver.Gmres { MaxSteps = 2 });
        Assert.Equal(LinearStatus.MaxStepsReached, short2.Status);
        Assert.InRange(short2.Residual, 1e-3, 1.0);
        foreach (LinearSolver solver in Systems.Methods.Values)
        {
            LinearOperator none = LinearOperator.Diagonal(Tensor.Of(1.0, double.NaN, 3.0, 4.0));
            Assert.Equal(LinearStatus.NonFinite, LinearSystem.TrySolve(none, right, solver).Status);
            Assert.Equal(
                LinearStatus.NonFinite,
                LinearSystem.TrySolve(four, Tensor.Of(1.0, double.NaN, 0.0, 0.0), solver).Status
            );
            Assert.Throws<SolveException>(() => LinearSystem.Solve(none, right, solver));
        }
    }

    /// <summary>Singular by rounding, not by an exact zero; and regular although badly scaled.</summary>
    [Fact]
    public void Direct_solves_tell_singular_from_badly_scaled()
    {
        LinearSolver direct = new LinearSolver.Direct();
        Tensor right = Tensor.Of(1.0, 1.0);
        foreach (double[] rows in new double[][] { [0.1, 0.2, 0.3, 0.6], [1.0, 2.0, 2.0, 4.0], [0.0, 0.0, 0.0, 0.0] })
        {
            LinearOperator a = LinearOperator.Dense(Tensor.Of(rows, [2, 2]));
            LinearSolution solution = LinearSystem.TrySolve(a, right, direct);
            Assert.Equal(LinearStatus.Singular, solution.Status);
            Assert.All(solution.Value.ToArray(), x => Assert.True(double.IsNaN(x)));
            Assert.Throws<SolveException>(() => LinearSystem.Solve(a, right, direct));
            LinearOperator definite = LinearOperator.Dense(
                Tensor.Of(rows, [2, 2]),
                OperatorProperties.PositiveDefinite
            );
            Assert.Equal(LinearStatus.Singular, LinearSystem.TrySolve(definite, right, direct).Status);
        }
        foreach (
            (double[] rows, double[] b, double[] x) in new (double[], double[], double[])[]
            {
                ([1.0, 1e-20, 1.0, 2e-20], [2.0, 3.0], [1.0, 1e20]),
                ([1.0, 2.0, 1e-20, 3e-20], [3.0, 4e-20], [1.0, 1.0]),
                ([1e-30, 0.0, 0.0, 1.0], [1e-30, 1.0], [1.0, 1.0]),
            }
        )
        {
            LinearOperator a = LinearOperator.Dense(Tensor.Of(rows, [2, 2]));
            Close.Elementwise(x, LinearSystem.Solve(a, Tensor.Of(b), direct).ToArray(), 1e-12);
        }
    }

    public static TheoryData<string> Singular => ["lu", "cholesky", "qr", "diagonal", "triangle"];

    /// <summary>The same kind of error with the same name, outside and inside of every transform; a batch names the item.</summary>
    [Theory]
    [MemberData(nameof(Singular))]
    public void A_singular_matrix_is_the_same_error_in_every_transform(string kind)
    {
        Tensor Solve(Tensor c)
        {
            Tensor zero = c * 0.0;
            Tensor row = Tensor.Stack([c, c]);
            LinearOperator a = kind switch
            {
                "lu" => LinearOperator.Dense(Tensor.Stack([row, 2.0 * row])),
                "cholesky" => LinearOperator.Dense(Tensor.Stack([row, row]), OperatorProperties.PositiveDefinite),
                "qr" => LinearOperator.Dense(Tensor.Stack([row, row, row])),
                "diagonal" => LinearOperator.Diagonal(Tensor.Stack([c, zero])),
                _ => LinearOperator.Triangular(Tensor.Stack([Tensor.Stack([c, zero]), Tensor.Stack([c, zero])])),
            };
            Tensor right = kind == "qr" ? Tensor.Of(1.0, 1.0, 1.0) : Tensor.Of(1.0, 1.0);
            return Tensor.Sum(LinearSystem.Solve(a, right, new LinearSolver.Direct()));
        }

        Tensor one = Tensor.Scalar(1.0);
        Check(() => Solve(one).ToArray(), "");
        Check(() => Differentiation.Grad(Solve, one).ToArray(), "");
        Check(() => Differentiation.Jvp(Solve, one, one).Tangent.ToArray(), "");
        Check(() => Jacobians.Hessian(Solve, one).ToArray(), "");
        Check(() => Vectorisation.Vmap(Solve, Tensor.Of(1.0, 2.0)).ToArray(), "item 0 of 2");

        static void Check(Action solve, string item)
        {
            SolveException error = Assert.Throws<SolveException>(solve);
            Assert.StartsWith("[linearSolve] Singular", error.Message, StringComparison.Ordinal);
            Assert.Contains(item, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What is not finite is not called singular.</summary>
    [Theory]
    [InlineData(OperatorProperties.None)]
    [InlineData(OperatorProperties.PositiveDefinite)]
    public void A_matrix_that_is_not_finite_says_so_in_a_transform(OperatorProperties properties)
    {
        foreach (
            LinearSolver solver in new LinearSolver[] { new LinearSolver.Direct(), new LinearSolver.Pseudoinverse() }
        )
        {
            SolveException error = Assert.Throws<SolveException>(() =>
                Vectorisation
                    .Vmap(
                        c =>
                            LinearSystem.Solve(
                                LinearOperator.Dense(c * Tensor.Eye(2), properties),
                                Tensor.Of(1.0, 1.0),
                                solver
                            ),
                        Tensor.Of(1.0, double.NaN)
                    )
                    .ToArray()
            );
            Assert.StartsWith("[linearSolve] NonFinite", error.Message, StringComparison.Ordinal);
            Assert.Contains("item 1 of 2", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Each right-hand side has its own account; one that fails leaves the others' bits alone.</summary>
    [Fact]
    public void One_bad_column_spoils_no_other()
    {
        LinearOperator four = LinearOperator.Diagonal(Tensor.Of(1.0, 2.0, 3.0, 4.0));
        Tensor columns = Tensor.Of([1.0, double.NaN, 1.0, 0.5, 1.0, 2.0, 1.0, -1.0], [4, 2]);
        Tensor alone = Tensor.Of(1.0, 1.0, 1.0, 1.0);
        foreach (LinearSolver solver in Systems.Methods.Values)
        {
            LinearSolution solution = LinearSystem.TrySolve(four, columns, solver);
            Assert.True(solution.Reports[0].IsSuccess);
            Assert.Equal(LinearStatus.NonFinite, solution.Reports[1].Status);
            Assert.Equal(LinearStatus.NonFinite, solution.Status);
            Assert.Equal(
                LinearSystem.Solve(four, alone, solver).ToArray(),
                Enumerable.Range(0, 4).Select(i => solution.Value.ToArray()[2 * i])
            );
        }
    }

    /// <summary>Inside a transform there are no numbers to report.</summary>
    [Fact]
    public void An_account_within_a_transform_is_refused() =>
        Assert.Throws<TensorException>(() =>
            Differentiation.Grad(
                b => Tensor.Sum(LinearSystem.TrySolve(LinearOperator.Identity(b), b).Value),
                Tensor.Of(1.0, 2.0)
            )
        );

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
