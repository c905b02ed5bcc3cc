using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Systems of a batch run side by side, end by themselves, and are to the bit what they are alone.</summary>
public sealed class BatchTests
{
    private const int N = 37;

    /// <summary>What makes systems of one batch end at different steps: the weight of what is not the identity.</summary>
    private static readonly double[] Scales = [0.0, 0.3, 9.0, 0.1, 2.0, 0.7, 0.01, 30.0, 0.5, 0.2, 4.0];

    private static readonly Tensor Matrix = Tensor.Of(Draw(N * N, 1), [N, N]) / Math.Sqrt(N);

    private static readonly Tensor Rights = Tensor.Of(Draw(Scales.Length * N, 2), [Scales.Length, N]);

    /// <summary>Every Krylov method, with and without preconditioners.</summary>
    public static TheoryData<string, DType> Solvers
    {
        get
        {
            var all = new TheoryData<string, DType>();
            foreach (string name in Named(Rights[0]).Keys)
            {
                all.Add(name, DType.Float64);
                all.Add(name, DType.Float32);
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Solvers))]
    public void An_item_is_what_it_is_alone(string name, DType dtype)
    {
        Tensor rights = Tensor.Cast(Rights, dtype);
        var matrices = Tensor.Stack([
            .. Scales.Select(scale => Tensor.Cast(Definite(Matrix, Tensor.Scalar(scale)), dtype)),
        ]);
        Tensor Solve(Tensor matrix, Tensor right) =>
            LinearSystem.Solve(Operator(matrix), right, Named(rights[0])[name]);
        foreach (int count in new[] { 2, 5, Scales.Length })
        {
            Tensor all = Vectorisation.Vmap(
                p => Solve(p.Matrix, p.Right),
                (Matrix: Tensor.Slice(matrices, 0, 0, count), Right: Tensor.Slice(rights, 0, 0, count))
            );
            for (int i = 0; i < count; i++)
                Assert.Equal(Solve(matrices[i], rights[i]).ToArray(), all[i].ToArray());
        }
        IEnumerable<int> steps = Enumerable
            .Range(0, Scales.Length)
            .Select(i => LinearSystem.TrySolve(Operator(matrices[i]), rights[i], Named(rights[0])[name]).Iterations);
        Assert.True(steps.Distinct().Count() > 2, "the systems must end at different steps");
    }

    /// <summary>
    /// One system of each kind of end, all with one matrix of blocks: solved, stagnating on the cyclic shift, singular, at the step limit, not
    /// finite. Each has the account of its solo run, and its bits.
    /// </summary>
    [Fact]
    public void Each_item_has_its_own_status()
    {
        const int n = 14;
        double[] rows = new double[n * n];
        for (int i = 0; i < 6; i++)
            rows[((i + 1) % 6 * n) + i] = 1.0;
        for (int i = 6; i < 12; i++)
            rows[(i * n) + i] = Math.Pow(3.0, i - 6);
        rows[(12 * n) + 12] = 1.0;
        LinearOperator blocks = LinearOperator.Dense(Tensor.Of(rows, [n, n]));
        Tensor Unit(int from, int to) =>
            Tensor.Of([.. Enumerable.Range(0, n).Select(i => i >= from && i < to ? 1.0 : 0.0)]);
        (Tensor Right, LinearStatus Status)[] cases =
        [
            (Unit(12, 13), LinearStatus.Success),
            (Unit(0, 1), LinearStatus.Stagnated),
            (Unit(13, 14), LinearStatus.Breakdown),
            (Unit(6, 12), LinearStatus.MaxStepsReached),
            (Unit(0, 1) * double.NaN, LinearStatus.NonFinite),
            (Unit(0, 0), LinearStatus.Success),
            (Unit(6, 8), LinearStatus.Success),
        ];
        var solver = new LinearSolver.Gmres(2) { MaxSteps = 20 };
        LinearSolution all = LinearSystem.TrySolve(
            blocks,
            Tensor.Stack([.. cases.Select(one => one.Right)], 1),
            solver
        );
        for (int i = 0; i < cases.Length; i++)
        {
            LinearSolution alone = LinearSystem.TrySolve(blocks, cases[i].Right, solver);
            Assert.Equal(cases[i].Status, all.Reports[i].Status);
            Assert.Equal(alone.Report, all.Reports[i]);
            Assert.Equal(alone.Value.ToArray(), all.Value[.., i].ToArray());
        }
    }

    [Fact]
    public void Items_that_fail_are_named()
    {
        var diagonals = Tensor.Of([1.0, 2.0, 3.0, 1.0, 0.0, 3.0, 4.0, 5.0, 6.0, 0.0, 5.0, 6.0], [4, 3]);
        SolveException error = Assert.Throws<SolveException>(() =>
            Vectorisation
                .Vmap((Tensor d) => LinearSystem.Solve(x => d * x, Tensor.Of(1.0, 1.0, 1.0)), diagonals)
                .ToArray()
        );
        Assert.StartsWith("[linearSolve] Breakdown", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("This was item 1 of 4. Items 3 failed too.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A preconditioner that is itself a solve fails for one item; the account of the others is that of their solo runs.</summary>
    [Fact]
    public void A_product_that_cannot_be_computed_ends_its_own_item()
    {
        LinearOperator inner = LinearOperator
            .Diagonal(Tensor.Of(1.0, 2.0, 0.0))
            .Inverse(new LinearSolver.Gmres { RelativeTolerance = 1e-12 });
        LinearOperator a = LinearOperator.Dense(Tensor.Of([2.0, 1.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 4.0], [3, 3]));
        var solver = new LinearSolver.Gmres { Preconditioner = inner };
        var rights = Tensor.Of([1.0, 1.0, 0.5, 2.0, 1.0, -1.0, 0.0, 1.0, 0.0], [3, 3]);
        LinearSolution all = LinearSystem.TrySolve(a, rights, solver);
        foreach ((int item, bool succeeds) in new[] { (0, true), (1, false), (2, true) })
        {
            LinearSolution alone = LinearSystem.TrySolve(a, rights[.., item], solver);
            Assert.Equal(succeeds ? LinearStatus.Success : LinearStatus.Breakdown, all.Reports[item].Status);
            Assert.Equal(alone.Report, all.Reports[item]);
            Assert.Equal(alone.Value.ToArray(), all.Value[.., item].ToArray());
        }
        SolveException error = Assert.Throws<SolveException>(() => LinearSystem.Solve(a, rights, solver));
        Assert.EndsWith("This was item 1 of 3.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Values, gradients and Hessian-vector products of a batch are those of a loop over its items.</summary>
    [Theory]
    [InlineData("cg, preconditioned")]
    [InlineData("gmres")]
    [InlineData("gmres, both sides")]
    [InlineData("bicgstab")]
    [InlineData("lsmr")]
    public void Derivatives_of_a_batch_are_those_of_its_items(string name)
    {
        const int count = 4;
        Tensor Loss(Tensor matrix, Tensor scale, Tensor right) =>
            Tensor.Sum(
                Tensor.Sin(LinearSystem.Solve(Operator(Definite(matrix, scale)), right, Named(Rights[0])[name]))
            );
        Tensor Whole(Tensor[] p) =>
            Tensor.Sum(Vectorisation.Vmap(item => Loss(p[0], item.Scale, item.Right), (Scale: p[1], Right: p[2])));
        Tensor Loop(Tensor[] p) =>
            Enumerable.Range(0, count).Select(i => Loss(p[0], p[1][i], p[2][i])).Aggregate((a, b) => a + b);
        Tensor[] at = [Matrix, Tensor.Of(Scales[..count]), Tensor.Slice(Rights, 0, 0, count)];
        Tensor[] direction =
        [
            Tensor.Of(Draw(N * N, 3), [N, N]),
            Tensor.Of(Draw(count, 4)),
            Tensor.Of(Draw(count * N, 5), [count, N]),
        ];
        Same(Differentiation.Grad(Loop, at), Differentiation.Grad(Whole, at));
        Same([Differentiation.Jvp(Loop, at, direction).Tangent], [Differentiation.Jvp(Whole, at, direction).Tangent]);
        Same(Jacobians.Hvp(Loop, at, direction), Jacobians.Hvp(Whole, at, direction));
        // A batch of batches.
        Tensor[] shifted = Vectorisation.Vmap(
            shift => Differentiation.Grad(p => Whole([p[0], p[1] + shift, p[2]]), at),
            Tensor.Of(0.5, 0.0)
        );
        Same(Differentiation.Grad(Loop, at), [.. shifted.Select(both => both[1])]);

        static void Same(Tensor[] expected, Tensor[] actual)
        {
            for (int i = 0; i < expected.Length; i++)
                Close.Normwise(expected[i].ToArray(), actual[i].ToArray(), 1e-8);
        }
    }

    private static LinearOperator Operator(Tensor matrix) =>
        LinearOperator.Dense(matrix, OperatorProperties.PositiveDefinite);

    private static Tensor Definite(Tensor matrix, Tensor scale) =>
        (scale * Tensor.MatMul(matrix, matrix.T))
        + Tensor.Diag(3.0 + (0.05 * Tensor.Of([.. Enumerable.Range(0, N).Select(i => (double)i)])));

    private static Dictionary<string, LinearSolver.Krylov> Named(Tensor like)
    {
        double relative = like.DType == DType.Float32 ? 1e-5 : 1e-11;
        LinearOperator m = LinearOperator.Diagonal(1.0 / (3.0 + (0.5 * Tensor.Abs(Tensor.Cos(like)))));
        return new()
        {
            ["cg"] = new LinearSolver.Cg { RelativeTolerance = relative },
            ["cg, preconditioned"] = new LinearSolver.Cg { RelativeTolerance = relative, Preconditioner = m },
            ["gmres"] = new LinearSolver.Gmres { RelativeTolerance = relative },
            ["gmres, restarted"] = new LinearSolver.Gmres(3) { RelativeTolerance = relative },
            ["gmres, both sides"] = new LinearSolver.Gmres(7)
            {
                RelativeTolerance = relative,
                Preconditioner = m,
                LeftPreconditioner = m,
            },
            ["bicgstab"] = new LinearSolver.BiCgStab { RelativeTolerance = relative },
            ["bicgstab, preconditioned"] = new LinearSolver.BiCgStab
            {
                RelativeTolerance = relative,
                Preconditioner = m,
            },
            ["lsmr"] = new LinearSolver.Lsmr { RelativeTolerance = relative },
        };
    }

    private static double[] Draw(int count, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin((i * i * 0.37) + i + seed))];
}
