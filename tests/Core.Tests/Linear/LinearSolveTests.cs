using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Every method: values, both modes, second order, batches.</summary>
public sealed class LinearSolveTests
{
    private static readonly double[][] Point = [Systems.Matrix, [0.7], Systems.Right];

    public static TheoryData<string> Methods => [.. Systems.Methods.Keys];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_second_difference_of_ones_is_a_parabola(string method)
    {
        const int n = 10;
        double[] rows = new double[n * n];
        for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            rows[(i * n) + j] =
                i == j ? 2.0
                : Math.Abs(i - j) == 1 ? -1.0
                : 0.0;
        var matrix = Tensor.Of(rows, [n, n]);
        LinearSolver solver = Systems.Methods[method];
        if (solver is LinearSolver.Gmres { Restart: 2 } gmres)
            solver = gmres with { Restart = 5 };
        Tensor x = LinearSystem.Solve(
            v => Tensor.MatMul(matrix, v),
            Tensor.Of(Enumerable.Repeat(1.0, n).ToArray()),
            solver
        );
        Close.Elementwise([.. Enumerable.Range(1, n).Select(i => i * (n + 1.0 - i) / 2.0)], x.ToArray(), 1e-10);
    }

    /// <summary>As ∂F/∂z = J − I of a contraction is. The iterates are those of the positive system.</summary>
    [Fact]
    public void Conjugate_gradients_solve_negative_definite_systems()
    {
        Tensor matrix = Tensor.Of(
            new double[,]
            {
                { 4, 1, 0 },
                { 1, 3, 1 },
                { 0, 1, 2 },
            }
        );
        Tensor right = Tensor.Of(1.0, -2.0, 0.5);
        foreach (LinearOperator? m in new[] { null, LinearOperator.Diagonal(Tensor.Of(0.25, 0.3, 0.5)) })
        {
            var solver = new LinearSolver.Cg { Preconditioner = m };
            double[] expected = LinearSystem.Solve(v => Tensor.MatMul(matrix, v), right, solver).ToArray();
            Assert.Equal(expected, LinearSystem.Solve(v => -Tensor.MatMul(matrix, v), -right, solver).ToArray());
        }
    }

    /// <summary>Squares of such right-hand sides vanish, which once was success at x = 0, or overflow.</summary>
    [Theory]
    [InlineData("cg")]
    [InlineData("gmres")]
    [InlineData("restarted gmres")]
    [InlineData("bicgstab")]
    [InlineData("lsmr")]
    public void Right_hand_sides_may_be_of_any_size(string method)
    {
        LinearSolver solver = Systems.Methods[method];
        double[] expected = Of(1.0);
        foreach (double size in new[] { 1e-310, 1e-200, 1e-130, 1e130, 1e200, 1e300 })
            Close.Elementwise(expected, [.. Of(size).Select(x => x / size)], size < 1e-300 ? 1e-11 : 1e-12);

        double[] Of(double size) =>
            LinearSystem
                .Solve(
                    Systems.Definite(Tensor.Of(Systems.Matrix, [4, 4]), Tensor.Scalar(0.7)),
                    Tensor.Of([.. Systems.Right.Select(b => b * size)]),
                    solver
                )
                .ToArray();
    }

    /// <summary>In float32 products of such numbers vanish, or overflow.</summary>
    [Theory]
    [InlineData("cg")]
    [InlineData("gmres")]
    [InlineData("bicgstab")]
    [InlineData("lsmr")]
    public void Systems_of_float32_may_be_of_any_size(string method)
    {
        LinearSolver solver = ((LinearSolver.Krylov)Systems.Methods[method]) with { RelativeTolerance = null };
        foreach (double size in new[] { 1e-30, 1e-15, 1e15, 1e30 })
        {
            Tensor matrix = Tensor.Cast(size * (Tensor.Eye(4) + 0.1), DType.Float32);
            Tensor b = Tensor.Cast(size * Tensor.Of(Systems.Right), DType.Float32);
            LinearSolution solution = LinearSystem.TrySolve(LinearOperator.Dense(matrix), b, solver);
            Assert.Equal(LinearStatus.Success, solution.Status);
            double[] expected = Tensor.Solve(Tensor.Eye(4) + 0.1, Tensor.Of(Systems.Right)).ToArray();
            Close.Elementwise(expected, solution.Value.ToArray<double>(), 1e-5);
        }
    }

    [Theory]
    [InlineData("cg")]
    [InlineData("gmres")]
    [InlineData("bicgstab")]
    public void The_solution_for_zero_is_zero_from_any_start(string method)
    {
        LinearOperator a = LinearOperator.Of(
            Systems.Definite(Tensor.Of(Systems.Matrix, [4, 4]), Tensor.Scalar(0.7)),
            Tensor.Of(Systems.Right)
        );
        Tensor zero = Tensor.Zeros([4]);
        LinearSolution solution = LinearSystem.TrySolve(a, zero, Systems.Methods[method], Tensor.Ones([4]));
        Assert.Equal((LinearStatus.Success, 0), (solution.Status, solution.Iterations));
        Assert.Equal([0.0, 0.0, 0.0, 0.0], solution.Value.ToArray());
    }

    /// <summary>A factorisation decides, whatever the size of the residual's square.</summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("pseudoinverse")]
    public void Factors_solve_for_right_hand_sides_of_any_size(string method)
    {
        Tensor like = Tensor.Of(Systems.Right);
        LinearOperator a = LinearOperator.Of(
            Systems.Definite(Tensor.Of(Systems.Matrix, [4, 4]), Tensor.Scalar(0.7)),
            like
        );
        foreach (double size in new[] { 1e-200, 1e200, 1e300 })
        {
            Tensor b = size * like;
            LinearSolution solution = LinearSystem.TrySolve(a, b, Systems.Methods[method]);
            Assert.Equal(LinearStatus.Success, solution.Status);
            Assert.InRange(solution.Report.Residual, 0.0, 1e-12 * size);
        }
    }

    /// <summary>So may operators for LSMR, which multiplies by them twice; it gave 0 with success.</summary>
    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e-100)]
    [InlineData(1e100)]
    [InlineData(1e200)]
    public void Least_squares_take_operators_of_any_size(double size)
    {
        Tensor matrix = Tensor.Of([1.0, -0.3, 0.2, 0.5, 0.4, 0.8, -0.6, 0.1], [4, 2]);
        Tensor b = Tensor.Of(Systems.Right);
        LinearSolution solution = LinearSystem.TrySolve(
            LinearOperator.Dense(size * matrix),
            b,
            new LinearSolver.Lsmr()
        );
        Assert.Equal(LinearStatus.Success, solution.Status);
        double[] expected = Tensor.Lstsq(matrix, b).ToArray();
        Close.Normwise(expected, [.. solution.Value.ToArray().Select(x => x * size)], 1e-9);
    }

    /// <summary>So may cotangents of what a linear solve differentiates.</summary>
    [Theory]
    [InlineData(1e-200)]
    [InlineData(1e200)]
    public void Cotangents_of_a_fixed_point_may_be_of_any_size(double size)
    {
        Func<Tensor, Tensor> half = a => Implicit.FixedPoint.Find(z => 0.5 * Tensor.Tanh(z) + a, Tensor.Of(0.0, 0.0));
        Tensor at = Tensor.Of(0.3, -0.8);
        double[] expected = Differentiation.Vjp(half, at).Pullback(Tensor.Of(1.0, 2.0)).ToArray();
        double[] pulled = Differentiation.Vjp(half, at).Pullback(size * Tensor.Of(1.0, 2.0)).ToArray();
        Close.Elementwise(expected, [.. pulled.Select(x => x / size)], 1e-9);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("lsmr")]
    [InlineData("pseudoinverse")]
    [InlineData("gmres")]
    [InlineData("bicgstab")]
    public void General_matrices_by_general_methods(string method)
    {
        LinearSolver solver = Systems.Methods[method];
        Close.Elementwise([-3.25, 1.25], Solve([1.0, 5.0, -2.0, -2.0], [3.0, 4.0], solver), 1e-10);
        if (method != "bicgstab")
            Close.Elementwise(
                [-3.492063492063492, 11.587301587301587],
                Solve([3.9, 1.65, 6.845, 2.9], [5.5, 9.7], solver),
                1e-9
            );
    }

    /// <summary>
    /// [[1, 5i], [2i, −2]]·z = (3, 4), of which the library, without complex numbers, solves the real form [[Re, −Im], [Im, Re]].
    /// </summary>
    [Theory]
    [InlineData("direct")]
    [InlineData("gmres")]
    [InlineData("lsmr")]
    public void A_complex_system_in_its_real_form(string method)
    {
        var a = LinearOperator.Dense(
            Tensor.Of([1.0, 0.0, 0.0, -5.0, 0.0, -2.0, -2.0, 0.0, 0.0, 5.0, 1.0, 0.0, 2.0, 0.0, 0.0, -2.0], [4, 4])
        );
        Tensor z = LinearSystem.Solve(a, Tensor.Of(3.0, 4.0, 0.0, 0.0), Systems.Methods[method]);
        Close.Elementwise([-0.75, 0.5, -2.5, -0.75], z.ToArray(), 1e-10);
    }

    [Fact]
    public void A_tree_of_tensors_is_a_right_side()
    {
        (Tensor U, Tensor V) b = (Tensor.Of(1.0, 2.0), Tensor.Scalar(3.0));
        (Tensor u, Tensor v) = LinearSystem.Solve(x => ((2.0 * x.U) + x.V, x.V - Tensor.Sum(x.U)), b);
        Close.Elementwise([1.0, 2.0], ((2.0 * u) + v).ToArray(), 1e-9);
        Close.Elementwise([3.0], (v - Tensor.Sum(u)).ToArray(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Reverse_mode_with_respect_to_captures_and_the_right_side_is_the_difference(string method)
    {
        Tensor[] gradient = Differentiation.Grad(p => Loss(method, p), Tensors(Point));
        double[][] expected = Differences.Gradient(p => Loss(method, Tensors(p)).ToArray()[0], Point);
        for (int i = 0; i < expected.Length; i++)
            Close.Normwise(expected[i], gradient[i].ToArray(), 1e-8);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Forward_mode_is_the_difference(string method)
    {
        double[][] direction =
        [
            [.. Systems.Matrix.Select(Math.Cos)],
            [0.4],
            [0.3, -0.5, 0.9, 0.2],
        ];
        Tensor tangent = Differentiation.Jvp(p => Loss(method, p), Tensors(Point), Tensors(direction)).Tangent;
        double[] expected = Differences.Along(p => Loss(method, Tensors(p)).ToArray(), Point, direction);
        Close.Normwise(expected, tangent.ToArray(), 1e-8);
    }

    /// <summary>Reverse over reverse, and forward over reverse, against differences of the gradient.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void Second_order_is_the_difference_of_the_first(string method)
    {
        double[][] direction =
        [
            [.. Systems.Matrix.Select(Math.Sin)],
            [-0.6],
            [0.8, 0.1, -0.4, 0.7],
        ];
        double[] expected = Differences.Along(p => Flat(Gradient(Tensors(p))), Point, direction);
        Tensor[] forward = Differentiation.Jvp(Gradient, Tensors(Point), Tensors(direction)).Tangent;
        Tensor[] reverse = Differentiation.Grad(
            p => Gradient(p).Zip(Tensors(direction), (g, v) => Tensor.Sum(g * v)).Aggregate((a, b) => a + b),
            Tensors(Point)
        );
        Close.Normwise(expected, Flat(forward), 1e-7);
        Close.Normwise(Flat(forward), Flat(reverse), 1e-9);

        Tensor[] Gradient(Tensor[] p) => Differentiation.Grad(q => Loss(method, q), p);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_batch_is_a_loop_in_values_and_gradients(string method)
    {
        double[] rights = [.. Systems.Right, 0.3, 0.1, -0.7, 2.0, 5.0, -1.0, 0.2, 0.4];
        double[] scales = [0.7, 1.3, -0.2];
        Tensor[] batch = [Tensor.Of(scales), Tensor.Of(rights, [3, 4])];
        Tensor values = Vectorisation.Vmap(Item, batch);
        Tensor[] gradients = Vectorisation.Vmap(p => Differentiation.Grad(Item, p), batch);
        for (int i = 0; i < 3; i++)
        {
            Tensor[] item = [Tensor.Of(scales.AsSpan(i, 1), []), Tensor.Of(rights[(4 * i)..((4 * i) + 4)])];
            Tensor[] gradient = Differentiation.Grad(Item, item);
            Close.Normwise(Item(item).ToArray(), values.ToArray()[i..(i + 1)], 1e-12);
            Close.Normwise(gradient[0].ToArray(), gradients[0].ToArray()[i..(i + 1)], 1e-12);
            Close.Normwise(gradient[1].ToArray(), gradients[1].ToArray()[(4 * i)..((4 * i) + 4)], 1e-12);
        }

        Tensor Item(Tensor[] p) => Loss(method, [Tensor.Of(Systems.Matrix, [4, 4]), p[0], p[1]]);
    }

    private static Tensor Loss(string method, Tensor[] p) =>
        Systems.Cubes(Systems.Methods[method], Tensor.Reshape(p[0], [4, 4]), Tensor.Sum(p[1]), p[2]);

    private static double[] Solve(double[] matrix, double[] right, LinearSolver solver)
    {
        var a = Tensor.Of(matrix, [2, 2]);
        return LinearSystem.Solve(v => Tensor.MatMul(a, v), Tensor.Of(right), solver).ToArray();
    }

    private static Tensor[] Tensors(double[][] values) => Array.ConvertAll(values, value => Tensor.Of(value));

    private static double[] Flat(Tensor[] tensors) => [.. tensors.SelectMany(tensor => tensor.ToArray())];
}
