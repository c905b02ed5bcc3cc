using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Linear;

/// <summary>Systems that are not square or not regular: least squares, of least norm.</summary>
public sealed class LeastSquaresSystemTests
{
    private static readonly double[] Tall = [1.0, -0.3, 0.2, 0.5, 0.4, 0.8, -0.6, 0.1];
    private static readonly double[] Right = [1.0, -2.0, 0.5, 3.0];

    public static TheoryData<string> Methods => ["direct", "pseudoinverse", "lsmr"];

    /// <summary>The under-determined system of the reference cases has this solution of least norm.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_wide_system_has_the_solution_of_least_norm(string method)
    {
        LinearOperator a = LinearOperator.Dense(Tensor.Of([1.0, 5.0, -1.0, -2.0, -2.0, 3.0], [2, 3]));
        LinearSolution solution = LinearSystem.TrySolve(a, Tensor.Of(3.0, 4.0), Systems.Methods[method]);
        Assert.True(solution.IsSuccess);
        Close.Elementwise([-0.83333333333333, 1.0641025641026, 1.4871794871795], solution.Value.ToArray(), 1e-10);
    }

    /// <summary>With little damping of a regular system nearly nothing of the residual is left, and rounding is most of what could be taken off.</summary>
    [Theory]
    [InlineData(1e-4)]
    [InlineData(1e-8)]
    [InlineData(1e-12)]
    public void Little_damping_of_a_regular_system_changes_little(double damping)
    {
        LinearOperator a = LinearOperator.Dense(Tensor.Of([2.0, 1.0, 0.0, 0.0, 3.0, 0.5, 0.3, 0.1, 1.7], [3, 3]));
        Tensor b = Tensor.Of(1.0, 2.0, 3.0);
        LinearSolution solution = LinearSystem.TrySolve(a, b, new LinearSolver.Lsmr(damping));
        Assert.True(solution.IsSuccess, solution.ToString());
        double[] regular = LinearSystem.Solve(a, b, new LinearSolver.Direct()).ToArray();
        Close.Elementwise(regular, solution.Value.ToArray(), 1e-9 + (10.0 * damping * damping));
    }

    /// <summary>(AᵀA + λ²I)x = Aᵀb, here d/(d² + 1).</summary>
    [Fact]
    public void Damping_is_ridge_regression()
    {
        Tensor d = Tensor.Of(2.0, 4.0, 5.0, 8.0, 10.0);
        LinearSolver solver = new LinearSolver.Lsmr(1.0) { RelativeTolerance = 1e-13 };
        Tensor x = LinearSystem.Solve(LinearOperator.Diagonal(d), Tensor.OnesLike(d), solver);
        Close.Elementwise((d / ((d * d) + 1.0)).ToArray(), x.ToArray(), 1e-10);
        Tensor slope = Differentiation.Grad(
            e => Tensor.Sum(LinearSystem.Solve(LinearOperator.Diagonal(e), Tensor.OnesLike(e), solver)),
            d
        );
        Tensor expected = (1.0 - (d * d)) / Tensor.Pow((d * d) + 1.0, 2);
        Close.Elementwise(expected.ToArray(), slope.ToArray(), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_tall_system_fits_best(string method)
    {
        LinearOperator a = LinearOperator.Dense(Tensor.Of(Tall, [4, 2]));
        Tensor b = Tensor.Of(Right);
        LinearSolution solution = LinearSystem.TrySolve(a, b, Systems.Methods[method]);
        Assert.True(solution.IsSuccess);
        Close.Normwise(Tensor.Lstsq(a.ToMatrix(), b).ToArray(), solution.Value.ToArray(), 1e-10);
        Tensor gradient = a.T.Apply(b - a.Apply(solution.Value));
        Close.Normwise([0.0, 0.0], gradient.ToArray(), 1e-10);
    }

    /// <summary>Tall, wide, and of one rank less than it could have: the derivative is that along matrices of the same rank.</summary>
    [Theory]
    [InlineData("direct", 4, 2)]
    [InlineData("direct", 2, 4)]
    [InlineData("pseudoinverse", 4, 2)]
    [InlineData("pseudoinverse", 2, 4)]
    [InlineData("lsmr", 4, 2)]
    [InlineData("lsmr", 2, 4)]
    [InlineData("damped", 4, 2)]
    [InlineData("damped", 2, 4)]
    [InlineData("pseudoinverse", 0, 0)]
    [InlineData("lsmr", 0, 0)]
    public void Derivatives_of_both_orders_are_differences_in_both_modes(string method, int m, int n)
    {
        LinearSolver solver =
            method == "damped" ? new LinearSolver.Lsmr(0.7) { RelativeTolerance = 1e-13 } : Systems.Methods[method];
        double[][] point = [Tall, [.. Right[..(m == 0 ? 4 : m)]]];
        double[][] direction =
        [
            [.. Tall.Select(Math.Cos)],
            [.. point[1].Select(x => Math.Sin(3.0 * x))],
        ];
        double[] along = Differences.Along(p => Loss(Tensors(p)).ToArray(), point, direction);
        Close.Normwise(along, Differentiation.Jvp(Loss, Tensors(point), Tensors(direction)).Tangent.ToArray(), 1e-8);
        Close.Normwise(along, [Inner(Gradient(Tensors(point)))], 1e-8);
        double[] turning = Differences.Along(p => Flat(Gradient(Tensors(p))), point, direction);
        Tensor[] forward = Differentiation.Jvp(Gradient, Tensors(point), Tensors(direction)).Tangent;
        Tensor[] reverse = Differentiation.Grad(
            p => Gradient(p).Zip(Tensors(direction), (g, v) => Tensor.Sum(g * v)).Aggregate((a, b) => a + b),
            Tensors(point)
        );
        Close.Normwise(turning, Flat(forward), 1e-6);
        Close.Normwise(turning, Flat(reverse), 1e-6);

        Tensor Loss(Tensor[] p)
        {
            // Of rank 2 among four by four: a tall matrix times a wide one.
            Tensor matrix =
                m > 0
                    ? Tensor.Reshape(p[0], [m, n])
                    : Tensor.MatMul(Tensor.Reshape(p[0], [4, 2]), Tensor.Reshape(p[0] * p[0] + 0.5, [2, 4]));
            LinearOperator a = LinearOperator.Dense(matrix);
            Tensor x = LinearSystem.Solve(a, p[1], solver);
            return Tensor.Sum(x * x * Tensor.Sin(x));
        }

        Tensor[] Gradient(Tensor[] p) => Differentiation.Grad(Loss, p);

        double Inner(Tensor[] gradient) => Flat(gradient).Zip(direction.SelectMany(v => v), (g, v) => g * v).Sum();
    }

    /// <summary>The transpose captures another tensor than the product: both move.</summary>
    [Theory]
    [InlineData("lsmr")]
    [InlineData("damped")]
    public void A_transpose_made_beforehand_moves_too(string method)
    {
        LinearSolver solver = method == "damped" ? new LinearSolver.Lsmr(0.7) : new LinearSolver.Lsmr();
        Tensor matrix = Tensor.Of(Tall, [4, 2]);
        double[] expected = Tangent(a => LinearOperator.Dense(a));
        Close.Normwise(expected, Tangent(a => LinearOperator.Dense(a.T).T), 1e-8);
        Close.Normwise(
            expected,
            Tangent(a =>
            {
                Tensor transposed = a.T;
                return LinearOperator.Of(
                    x => Tensor.MatMul(a, x),
                    w => Tensor.MatMul(transposed, w),
                    Tensor.Zeros([2])
                );
            }),
            1e-8
        );

        double[] Tangent(Func<Tensor, LinearOperator> of) =>
            Differentiation
                .Jvp(a => LinearSystem.Solve(of(a), Tensor.Of(Right), solver), matrix, Tensor.Cos(matrix))
                .Tangent.ToArray();
    }

    [Fact]
    public void A_matrix_of_dependent_columns_has_no_qr_solution_but_a_pseudoinverse()
    {
        LinearOperator a = LinearOperator.Dense(Tensor.Of([0.1, 0.2, 0.3, 0.6, 0.5, 1.0], [3, 2]));
        Tensor b = Tensor.Of(1.0, 2.0, 4.0);
        Assert.Equal(LinearStatus.Singular, LinearSystem.TrySolve(a, b, new LinearSolver.Direct()).Status);
        double[] least = LinearSystem.Solve(a, b, new LinearSolver.Pseudoinverse()).ToArray();
        Close.Normwise(least, LinearSystem.Solve(a, b, new LinearSolver.Lsmr()).ToArray(), 1e-9);
    }

    private static Tensor[] Tensors(double[][] values) => Array.ConvertAll(values, value => Tensor.Of(value));

    private static double[] Flat(Tensor[] tensors) => [.. tensors.SelectMany(tensor => tensor.ToArray())];
}
