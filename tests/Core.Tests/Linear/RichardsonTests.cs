using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>
/// GMRES that begins with Richardson's iteration: what that solves is solved, what it does not is solved as before, and each item for itself.
/// </summary>
public sealed class RichardsonTests
{
    private const int N = 60;

    /// <summary>Of I − A: fast, none at all, slow, expanding, fast again.</summary>
    private static readonly double[] Radii = [0.3, 0.0, 0.9, 3.0, 0.45, 0.1, 0.5, 0.8];

    private static readonly Tensor Part = Contraction();

    private static readonly Tensor Rights = Tensor.Of(Draw(Radii.Length * N, 2), [Radii.Length, N]);

    [Theory]
    [InlineData(DType.Float64, 1e-11)]
    [InlineData(DType.Float32, 1e-5)]
    public void What_contracts_is_solved_by_it(DType dtype, double tolerance)
    {
        (Tensor a, Tensor b) = (Tensor.Cast(Matrix(0.4), dtype), Tensor.Cast(Rights[0], dtype));
        LinearSolution solution = LinearSystem.TrySolve(LinearOperator.Dense(a), b, Begun(tolerance));
        Assert.True(solution.IsSuccess);
        // The steps of the iteration itself, in double.
        int steps = Steps(Matrix(0.4), Rights[0], tolerance);
        Assert.InRange(solution.Iterations, steps - 1, steps + 1);
        double left = Tensor
            .Norm(Tensor.MatMul(Matrix(0.4), Tensor.Cast(solution.Value, DType.Float64)) - Rights[0])
            .ToDouble();
        double size = Tensor.Norm(Rights[0]).ToDouble();
        Assert.InRange(left, 0.0, 1.1 * tolerance * size);
        Assert.Equal(left, solution.Residual, 0.1 * tolerance * size);
    }

    /// <summary>Whatever GMRES solves is solved, and what it does not has its status.</summary>
    [Theory]
    [InlineData(DType.Float64, 1e-11)]
    [InlineData(DType.Float32, 1e-5)]
    public void What_does_not_is_solved_by_gmres(DType dtype, double tolerance)
    {
        foreach (double radius in Radii)
        {
            var a = LinearOperator.Dense(Tensor.Cast(Matrix(radius), dtype));
            Tensor b = Tensor.Cast(Rights[0], dtype);
            LinearSolution plain = LinearSystem.TrySolve(a, b, Begun(tolerance) with { Richardson = null });
            LinearSolution begun = LinearSystem.TrySolve(a, b, Begun(tolerance));
            Assert.True(plain.IsSuccess);
            Assert.True(begun.IsSuccess, begun.Message);
            Close.Normwise(plain.Value.ToArray(), begun.Value.ToArray(), 100 * tolerance);
            if (radius >= 0.8)
                Assert.InRange(begun.Iterations, plain.Iterations - 3, plain.Iterations + 3);
        }
    }

    /// <summary>A step that makes it worse is not used: GMRES then finds its own solution to the bit, after that one step.</summary>
    [Fact]
    public void What_expands_is_solved_from_the_start()
    {
        var a = LinearOperator.Dense(Matrix(3.0));
        LinearSolution plain = LinearSystem.TrySolve(a, Rights[0], new LinearSolver.Gmres(N));
        LinearSolution begun = LinearSystem.TrySolve(a, Rights[0], new LinearSolver.Gmres(N) { Richardson = 1.0 });
        Assert.Equal(plain.Value.ToArray(), begun.Value.ToArray());
        Assert.Equal(plain.Iterations + 1, begun.Iterations);
    }

    /// <summary>Of few unknowns GMRES takes no more steps than there are.</summary>
    [Fact]
    public void Few_unknowns_are_left_to_gmres()
    {
        var a = LinearOperator.Dense(Tensor.Of([1.1, 0.2, -0.1, 0.9], [2, 2]));
        Tensor b = Tensor.Of(1.0, 2.0);
        LinearSolution plain = LinearSystem.TrySolve(a, b, new LinearSolver.Gmres());
        LinearSolution begun = LinearSystem.TrySolve(a, b, new LinearSolver.Gmres { Richardson = 1.0 });
        Assert.Equal(plain.Value.ToArray(), begun.Value.ToArray());
        Assert.Equal(plain.Report, begun.Report);
    }

    /// <summary>Systems that end at different steps, by either method, are what they are alone: with starts and without.</summary>
    [Theory]
    [InlineData(DType.Float64, false)]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float64, true)]
    [InlineData(DType.Float32, true)]
    public void An_item_is_what_it_is_alone(DType dtype, bool hasStart)
    {
        double tolerance = dtype == DType.Float32 ? 1e-5 : 1e-11;
        var matrices = Tensor.Stack([.. Radii.Select(radius => Tensor.Cast(Matrix(radius), dtype))]);
        Tensor rights = Tensor.Cast(Rights, dtype);
        Tensor starts = Tensor.Cast(Tensor.Of(Draw(Radii.Length * N, 3), [Radii.Length, N]), dtype);
        Tensor Solve(Tensor matrix, Tensor right, Tensor start) =>
            LinearSystem.Solve(LinearOperator.Dense(matrix), right, Begun(tolerance), hasStart ? start : null);
        foreach (int count in new[] { 2, 5, Radii.Length })
        {
            Tensor all = Vectorisation.Vmap(
                p => Solve(p.Matrix, p.Right, p.Start),
                (
                    Matrix: Tensor.Slice(matrices, 0, 0, count),
                    Right: Tensor.Slice(rights, 0, 0, count),
                    Start: Tensor.Slice(starts, 0, 0, count)
                )
            );
            for (int i = 0; i < count; i++)
                Assert.Equal(Solve(matrices[i], rights[i], starts[i]).ToArray(), all[i].ToArray());
        }
    }

    [Fact]
    public void Each_item_has_its_own_status()
    {
        // Two blocks of one matrix: a contraction, and a rotation of six axes, on which a short restart stagnates.
        double[] rows = Matrix(0.3).ToArray();
        for (int i = 0; i < 6; i++)
        for (int j = 0; j < N; j++)
            (rows[(i * N) + j], rows[(j * N) + i]) = (0.0, 0.0);
        for (int i = 0; i < 6; i++)
            rows[((i + 1) % 6 * N) + i] = 1.0;
        var a = LinearOperator.Dense(Tensor.Of(rows, [N, N]));
        Tensor Unit(int at) => Tensor.Of([.. Enumerable.Range(0, N).Select(i => i == at ? 1.0 : 0.0)]);
        (Tensor Right, LinearStatus Status)[] cases =
        [
            (Unit(7), LinearStatus.Success),
            (Unit(0), LinearStatus.Stagnated),
            (Unit(9) * double.NaN, LinearStatus.NonFinite),
            (0.0 * Unit(9), LinearStatus.Success),
            (Unit(20) + (1e-3 * Unit(3)), LinearStatus.MaxStepsReached),
            (Unit(30), LinearStatus.Success),
        ];
        var solver = new LinearSolver.Gmres(4) { Richardson = 1.0, MaxSteps = 50 };
        LinearSolution all = LinearSystem.TrySolve(a, Tensor.Stack([.. cases.Select(one => one.Right)], 1), solver);
        for (int i = 0; i < cases.Length; i++)
        {
            LinearSolution alone = LinearSystem.TrySolve(a, cases[i].Right, solver);
            Assert.Equal(cases[i].Status, all.Reports[i].Status);
            Assert.Equal(alone.Report, all.Reports[i]);
            Assert.Equal(alone.Value.ToArray(), all.Value[.., i].ToArray());
        }
    }

    /// <summary>
    /// The operator holds a solve that fails for what has a part along the last axis. Each product moves a part of it on along the axes, so it fails at once,
    /// after five steps, or never.
    /// </summary>
    [Fact]
    public void A_product_that_cannot_be_computed_ends_its_own_item()
    {
        double[] rows = new double[N * N];
        for (int i = 0; i < N; i++)
            rows[(i * N) + i] = 1.0;
        for (int i = 1; i < N; i++)
            rows[(i * N) + i - 1] = -0.5;
        LinearOperator inner = LinearOperator
            .Diagonal(Tensor.Of([.. Enumerable.Range(0, N).Select(i => i == N - 1 ? 0.0 : 1.0)]))
            .Inverse(new LinearSolver.Gmres { RelativeTolerance = 1e-12 });
        LinearOperator a = LinearOperator.Dense(Tensor.Of(rows, [N, N])) + (0.25 * inner);
        Tensor Unit(int at) => Tensor.Of([.. Enumerable.Range(0, N).Select(i => i == at ? 1.0 : 0.0)]);
        var solver = new LinearSolver.Gmres { RelativeTolerance = 1e-3, Richardson = 0.8 };
        int[] axes = [0, N - 6, 5, N - 1, 9, N - 4];
        LinearSolution all = LinearSystem.TrySolve(a, Tensor.Stack([.. axes.Select(Unit)], 1), solver);
        for (int i = 0; i < axes.Length; i++)
        {
            LinearSolution alone = LinearSystem.TrySolve(a, Unit(axes[i]), solver);
            Assert.Equal(axes[i] < 10 ? LinearStatus.Success : LinearStatus.Breakdown, all.Reports[i].Status);
            Assert.Equal(alone.Report, all.Reports[i]);
            Assert.Equal(alone.Value.ToArray(), all.Value[.., i].ToArray());
        }
    }

    [Fact]
    public void The_step_limit_holds_for_all_steps()
    {
        foreach (int limit in new[] { 1, 5, 12 })
        foreach (double radius in new[] { 0.5, 0.9 })
        {
            LinearSolution solution = LinearSystem.TrySolve(
                LinearOperator.Dense(Matrix(radius)),
                Rights[0],
                Begun(1e-13) with
                {
                    MaxSteps = limit,
                }
            );
            Assert.Equal(LinearStatus.MaxStepsReached, solution.Status);
            Assert.Equal(limit, solution.Iterations);
            Assert.InRange(solution.Residual, 0.0, Tensor.Norm(Rights[0]).ToDouble());
        }
    }

    [Fact]
    public void A_start_at_the_solution_takes_no_step()
    {
        var a = LinearOperator.Dense(Matrix(0.4));
        Tensor x = LinearSystem.Solve(a, Rights[0], Begun(1e-12));
        LinearSolution again = LinearSystem.TrySolve(a, Rights[0], Begun(1e-11), x);
        Assert.Equal(0, again.Iterations);
        Assert.Equal(x.ToArray(), again.Value.ToArray());
        LinearSolution near = LinearSystem.TrySolve(a, Rights[0], Begun(1e-11), x + 1e-6);
        Assert.True(near.IsSuccess);
        Assert.InRange(near.Iterations, 1, LinearSystem.TrySolve(a, Rights[0], Begun(1e-11)).Iterations - 5);
    }

    [Fact]
    public void More_steps_allocate_nothing_more()
    {
        var a = LinearOperator.Dense(Matrix(0.3));
        Tensor b = Rights[0];
        long few = Allocated(1e-2);
        long many = Allocated(1e-10);
        Assert.True(many - few < 1000, $"{few} bytes for few steps, {many} bytes for many");

        long Allocated(double tolerance) => Bytes.Of(() => LinearSystem.Solve(a, b, Begun(tolerance)).ToArray());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_factor_that_is_none_is_refused(double factor)
    {
        TensorException error = Assert.Throws<TensorException>(() =>
            LinearSystem.Solve(v => v, Rights[0], new LinearSolver.Gmres().WithRichardson(factor))
        );
        Assert.Contains("the factor of Richardson's iteration", error.Message, StringComparison.Ordinal);
        Assert.Throws<TensorException>(() => new LinearSolver.Cg().WithRichardson(1.0));
    }

    private static LinearSolver.Gmres Begun(double tolerance) =>
        new(N) { RelativeTolerance = tolerance, Richardson = 1.0 };

    /// <summary>I − ρ·(a matrix of spectral radius about 1, far from symmetric).</summary>
    private static Tensor Matrix(double radius) => Tensor.Diag(Tensor.Ones([N])) - (radius * Part);

    private static Tensor Contraction()
    {
        var random = new Random(5);
        double scale = Math.Sqrt(3.0 / N);
        return Tensor.Of(
            [.. Enumerable.Range(0, N * N).Select(_ => scale * ((2.0 * random.NextDouble()) - 1.0))],
            [N, N]
        );
    }

    private static int Steps(Tensor a, Tensor b, double tolerance)
    {
        Tensor x = b;
        for (int step = 1; ; step++)
        {
            Tensor left = b - Tensor.MatMul(a, x);
            if (Tensor.Norm(left).ToDouble() <= tolerance * Tensor.Norm(b).ToDouble())
                return step;
            x += left;
        }
    }

    private static double[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2.0 * random.NextDouble()) - 1.0)];
    }
}
