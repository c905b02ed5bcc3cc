using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>Where the solution has a kink, or multipliers are not unique: reported, and finite or refused as one wishes.</summary>
public sealed class DegeneracyTests
{
    private static readonly QpOptions Strict = new() { Degeneracy = Degeneracy.Strict };

    /// <summary>min ½|x|², x₁ + x₂ = b, x₁ − 2x₂ ≤ −½: at b = 1 the inequality begins to bind.</summary>
    private static QuadraticProgram Kink(Tensor b) =>
        new(Tensor.Zeros([2]))
        {
            P = Tensor.Eye(2),
            A = Matrix([1, 1]),
            B = b,
            G = Matrix([1, -2]),
            H = Tensor.Of(-0.5),
        };

    /// <summary>The same inequality twice.</summary>
    private static QuadraticProgram Twice(Tensor h) =>
        new(Tensor.Of(-2.0, 0.0))
        {
            P = Tensor.Eye(2),
            G = Matrix([1, 0], [1, 0]),
            H = h,
        };

    [Fact]
    public void A_weakly_active_constraint_is_reported()
    {
        QpSolution solution = Argmin.SolveQp(Kink(Tensor.Of(1.0)));
        Assert.True(solution.IsSuccess, solution.ToString());
        Close.Elementwise([0.5, 0.5], solution.X.ToArray(), 1e-7);
        Assert.InRange(solution.Margins[0], 0.0, 1e-7);
        Assert.True(Argmin.SolveQp(Kink(Tensor.Of(1.1))).Margins[0] > 0.01);
        Assert.True(Argmin.SolveQp(Kink(Tensor.Of(0.9))).Margins[0] > 0.01);
    }

    [Fact]
    public void At_a_kink_the_derivative_is_one_of_the_two_or_refused()
    {
        double[] left = Jacobians.Jacobian(b => Argmin.Qp(Kink(b)), Tensor.Of(0.9)).ToArray();
        double[] right = Jacobians.Jacobian(b => Argmin.Qp(Kink(b)), Tensor.Of(1.1)).ToArray();
        Close.Elementwise([2.0 / 3, 1.0 / 3], left, 1e-10);
        Close.Elementwise([0.5, 0.5], right, 1e-10);
        double[] at = Jacobians.Jacobian(b => Argmin.Qp(Kink(b)), Tensor.Of(1.0)).ToArray();
        Assert.True(Distance(at, left) < 1e-6 || Distance(at, right) < 1e-6, string.Join(", ", at));
        SolveException error = Assert.Throws<SolveException>(() =>
            Jacobians.Jacobian(b => Argmin.Qp(Kink(b), Strict), Tensor.Of(1.0)).ToArray()
        );
        Assert.StartsWith(
            "[qp] the derivative is not unique: a constraint is weakly active",
            error.Message,
            StringComparison.Ordinal
        );
        Close.Elementwise(right, Jacobians.Jacobian(b => Argmin.Qp(Kink(b), Strict), Tensor.Of(1.1)).ToArray(), 1e-12);
    }

    [Fact]
    public void Multipliers_of_dependent_constraints_share_their_sum()
    {
        QpSolution solution = Argmin.SolveQp(Twice(Tensor.Of(1.0, 1.0)));
        Assert.True(solution.IsSuccess, solution.ToString());
        Close.Elementwise([1.0, 0.0], solution.X.ToArray(), 1e-9);
        Close.Elementwise([0.5, 0.5], solution.Z.ToArray(), 1e-6);
        double[] jacobian = Jacobians.Jacobian(h => Argmin.Qp(Twice(h)), Tensor.Of(1.0, 1.0)).ToArray();
        Close.Elementwise([0.5, 0.5, 0.0, 0.0], jacobian, 1e-8);
        SolveException error = Assert.Throws<SolveException>(() =>
            Jacobians.Jacobian(h => Argmin.Qp(Twice(h), Strict), Tensor.Of(1.0, 1.0)).ToArray()
        );
        Assert.Contains("do not have full rank", error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Multipliers weighted almost alike: what differs has no solution, and refinement must not add it again and again, amplified by 1/ε.
    /// </summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(2e-11)]
    [InlineData(2e-10)]
    [InlineData(-2e-10)]
    public void What_is_almost_consistent_is_not_amplified_without_end(double difference)
    {
        Tensor weights = Tensor.Of(1.0 + difference, 1.0 - difference);
        Tensor loss(Tensor h) => Tensor.Sum(weights * Argmin.SolveQp(Twice(h)).Z);
        double[] h = [1.0, 1.0];
        double[] gradient = Differentiation.Grad<Tensor, Tensor>(loss, Tensor.Of(h)).ToArray();
        double along = Differences.Along(
            x => [loss(Tensor.Of(x[0])).ToDouble()],
            [h],
            [
                [1.0, 1.0],
            ]
        )[0];
        Close.Elementwise([along], [gradient[0] + gradient[1]], 1e-7);
        // The first solution and the one correction that is worth it add 4e8 times the difference each.
        Assert.InRange(Math.Abs(gradient[0] - gradient[1]), 0.0, (9e8 * Math.Abs(difference)) + 1e-9);
    }

    /// <summary>The same where the program is too large for lanes, among constraints that are not active.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Multipliers_of_dependent_constraints_of_a_large_program_share_their_sum(int looseTimes)
    {
        const int n = 70;
        Tensor unit = Tensor.Eye(n);
        Tensor q = Tensor.Concat([Tensor.Of(-2.0), Tensor.Zeros([n - 1])]);
        Tensor active = Tensor.Slice(unit, 0, 0, 1);
        Tensor[] rows = [.. Enumerable.Repeat(Tensor.Slice(unit, 0, 5, n), looseTimes), active, active];
        Tensor loose = Tensor.Full([looseTimes * (n - 5)], 10.0);
        Tensor x(Tensor h) =>
            Argmin.Qp(
                new QuadraticProgram(q)
                {
                    P = unit,
                    G = Tensor.Concat(rows),
                    H = Tensor.Concat([loose, h]),
                    Lower = Tensor.Concat([Tensor.Full([n - 1], -5.0), Tensor.Zeros([1])]),
                }
            );
        Tensor gradient = Differentiation.Grad<Tensor, Tensor>(h => x(h)[0], Tensor.Of(1.0, 1.0));
        Close.Elementwise([0.5, 0.5], gradient.ToArray(), 1e-8);
    }

    /// <summary>
    /// A singular P that has a factor all the same, by rounding or with a shift, does not make a program strictly convex. Loose bounds keep the program
    /// beside it from the search before the first step, and so from the factor that the search leaves.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_derivative_of_a_large_program_with_a_singular_P_is_of_least_norm_or_refused(bool isDiagonal)
    {
        const int n = 70;
        Tensor numbers = Tensor.Sin(Tensor.Cast(Tensor.Arange((n - 1) * n), DType.Float64) * 1.7);
        Tensor factor = Tensor.Reshape(numbers, [n - 1, n]);
        Tensor p = isDiagonal ? Tensor.Slice(Tensor.Eye(n), 0, 0, n - 1) : factor;
        p = Tensor.MatMul(p.T, p);
        var qp = new QuadraticProgram(Tensor.MatMul(p, Tensor.Slice(numbers, 0, 0, n)))
        {
            P = p,
            G = Tensor.Ones([1, n]),
            H = Tensor.Of(1e5),
        };
        Tensor expected = Slope(qp with { Lower = Tensor.Full([n], -1e4) }, new QpOptions());
        Close.Normwise(expected.ToArray(), Slope(qp, new QpOptions()).ToArray(), 1e-6);
        Assert.Throws<SolveException>(() => Slope(qp, Strict).ToArray());
    }

    private static Tensor Slope(QuadraticProgram qp, QpOptions options) =>
        Differentiation.Grad<Tensor, Tensor>(
            q =>
                Tensor.Sum(
                    Tensor.Cos(Tensor.Cast(Tensor.Iota(q.Shape, -1), q.DType)) * Argmin.Qp(qp with { Q = q }, options)
                ),
            qp.Q
        );

    /// <summary>Equalities that repeat do no harm to what is unique: x, and its derivative by q.</summary>
    [Fact]
    public void Redundant_equalities()
    {
        QuadraticProgram twice = Simplex with { A = Matrix([1, 1, 1], [2, 2, 2]), B = Tensor.Of(1.0, 2.0) };
        Close.Elementwise([0.8, 0.2, 0.0], Argmin.Qp(twice).ToArray(), 1e-9);
        Tensor gradient = Differentiation.Grad<Tensor, Tensor>(q => Argmin.Qp(twice with { Q = q })[0], Simplex.Q);
        Close.Elementwise([-0.5, 0.5, 0.0], gradient.ToArray(), 1e-8);
    }

    /// <summary>A linear program whose least value an edge has: x is not unique, its derivative is finite.</summary>
    [Fact]
    public void A_solution_that_is_not_unique_has_a_finite_derivative()
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0, 1.0))
        {
            A = Matrix([1, 1]),
            B = Tensor.Of(1.0),
            Lower = Tensor.Zeros([2]),
        };
        Close.Elementwise([1.0], [Tensor.Sum(Argmin.Qp(qp)).ToDouble()], 1e-9);
        Tensor jacobian = Jacobians.Jacobian(b => Argmin.Qp(qp with { B = b }), qp.B!);
        Close.Elementwise([1.0], [Tensor.Sum(jacobian).ToDouble()], 1e-8);
        Assert.Throws<SolveException>(() =>
            Jacobians.Jacobian(q => Argmin.Qp(qp with { Q = q }, Strict), qp.Q).ToArray()
        );
    }

    /// <summary>½‖Ax − b‖² + c'x with G·x ≤ h, where A'A is singular: by rounding it may have a factor all the same.</summary>
    private static QuadraticProgram Underdetermined(Tensor a, Tensor b, Tensor? g = null, Tensor? h = null) =>
        new(-Tensor.MatMul(b, a))
        {
            P = Tensor.MatMul(Tensor.Transpose(a), a),
            G = g,
            H = h,
        };

    [Fact]
    public void Singular_least_squares_are_solved_by_a_point_of_the_size_of_the_data()
    {
        Tensor a = Matrix([0, 2, 1, 0, 0], [2, 1, -2, -1, 2]);
        Tensor b = Tensor.Of(-2.0, -1.0);
        Tensor x = Argmin.Qp(Underdetermined(a, b));
        Close.Elementwise(b.ToArray(), Tensor.MatMul(a, x).ToArray(), 1e-7);
        Assert.True(Tensor.MaxNorm(x).ToDouble() < 10.0);
        a = Matrix([0, -2, -1, -1, -2, 2, 1]);
        b = Tensor.Of(-2.0);
        Tensor g = Matrix([-1, -1, -2, 2, 0, 1, 2]);
        QpSolution solution = Argmin.SolveQp(Underdetermined(a, b, g, Tensor.Of(-2.0)));
        Assert.Equal([QpStatus.Solved], solution.Statuses);
        Close.Elementwise(b.ToArray(), Tensor.MatMul(a, solution.X).ToArray(), 1e-7);
        Assert.True(Tensor.MatMul(g, solution.X)[0].ToDouble() <= -2.0 + 1e-7);
        Assert.True(Tensor.MaxNorm(solution.X).ToDouble() < 1e3);
    }

    /// <summary>Small whole numbers, with as many singular matrices as there are: what is solved meets the conditions of optimality.</summary>
    [Fact]
    public void What_is_solved_is_a_solution_however_singular()
    {
        const int items = 20_000;
        var random = new Random(7);
        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (double)random.Next(-2, 3))];
        foreach ((int n, int m, int rows) in ((int, int, int)[])[(5, 1, 1), (5, 2, 2), (7, 1, 2), (7, 3, 1)])
        {
            Tensor a = Tensor.Of(Draw(items * m * n), [items, m, n]);
            Tensor b = Tensor.Of(Draw(items * m), [items, m, 1]);
            Tensor g = Tensor.Of(Draw(items * rows * n), [items, rows, n]);
            Tensor h = Tensor.MatMul(g, Tensor.Of(Draw(items * n), [items, n, 1]))[.., .., 0];
            Tensor transposed = Tensor.Transpose(a);
            var qp = new QuadraticProgram(-Tensor.MatMul(transposed, b)[.., .., 0])
            {
                P = Tensor.MatMul(transposed, a),
                G = g,
                H = h,
            };
            QpSolution solution = Argmin.SolveQp(qp);
            Tensor gradient = Times(qp.P!, solution.X) + qp.Q + Times(Tensor.Transpose(g), solution.Z);
            Tensor over = Tensor.Relu(Times(g, solution.X) - h);
            double[] worst = Tensor.Maximum(Tensor.MaxNorm(gradient, 1), Tensor.MaxNorm(over, 1)).ToArray();
            bool[] areSolved = [.. solution.Statuses.Select(status => status == QpStatus.Solved)];
            Assert.DoesNotContain(worst.Zip(areSolved), item => item.Second && !(item.First < 1e-6));
            double[] sizes = Tensor.MaxNorm(solution.X, 1).ToArray();
            Assert.DoesNotContain(sizes.Zip(areSolved), item => item.Second && !(item.First < 1e8));
            Assert.True(areSolved.Count(isSolved => isSolved) > 0.999 * items);
        }

        static Tensor Times(Tensor matrix, Tensor x) => Tensor.MatMul(matrix, Tensor.Unsqueeze(x, -1))[.., .., 0];
    }

    /// <summary>
    /// P of rank one and a constraint that binds: x is not unique. Its derivative is that of least norm, for every right side, so the two modes agree and
    /// the Jacobian by q is symmetric.
    /// </summary>
    [Fact]
    public void The_derivative_of_least_norm_is_linear()
    {
        Tensor v = Tensor.Of(1.0, -1.0, 1.0, -2.0, -1.0);
        var qp = new QuadraticProgram(Tensor.Of(2.0, -2.0, 1.0, -5.0, -1.0))
        {
            P = Tensor.Unsqueeze(v, 1) * v,
            G = Matrix([1, -1, 2, -1, -2]),
            H = Tensor.Of(-3.0),
        };
        Tensor X(Tensor q) => Argmin.Qp(qp with { Q = q });
        Tensor reverse = Jacobians.Jacobian(X, qp.Q);
        Close.Elementwise(Tensor.Transpose(reverse).ToArray(), reverse.ToArray(), 1e-9);
        Close.Elementwise(Jacobians.JacobianForward(X, qp.Q).ToArray(), reverse.ToArray(), 1e-9);
        Assert.InRange(Tensor.MaxNorm(reverse).ToDouble(), 0.1, 0.4);
    }

    /// <summary>Without constraints too, for right sides that are nearly in the range of P: the Hessian of |x(q)|² is 2·J'J.</summary>
    [Fact]
    public void Second_derivatives_of_least_norm_are_those_of_a_linear_map()
    {
        var qp = new QuadraticProgram(Tensor.Of(4.0, -2.0, 4.0)) { P = Matrix([5, -2, 5], [-2, 1, -2], [5, -2, 5]) };
        Tensor X(Tensor q) => Argmin.Qp(qp with { Q = q });
        Tensor hessian = Jacobians.Hessian(q => Tensor.Sumsq(X(q)), qp.Q);
        Close.Elementwise([2.25, 11.0, 2.25, 11.0, 54.0, 11.0, 2.25, 11.0, 2.25], hessian.ToArray(), 1e-6);
    }

    /// <summary>A solution as large as its data make it is one, and so is that of a matrix that is nearly singular.</summary>
    [Theory]
    [InlineData(2e9)]
    [InlineData(1e12)]
    public void A_large_solution_is_one(double size)
    {
        var far = new QuadraticProgram(Tensor.Of(-size, -1.0)) { P = Tensor.Eye(2) };
        Close.Elementwise([1.0, 1.0], (Argmin.Qp(far) / Tensor.Of(size, 1.0)).ToArray(), 1e-9);
        QuadraticProgram bound = far with { Lower = Tensor.Zeros([2]) };
        Close.Elementwise([1.0, 1.0], (Argmin.Qp(bound) / Tensor.Of(size, 1.0)).ToArray(), 1e-9);
        Tensor v = Tensor.Of(size, 0.5 * size);
        Tensor x = Argmin.Qp(new QuadraticProgram(-v) { P = Matrix([2, 1], [1, 2]) });
        Close.Normwise([0.5 * size, 0.0], x.ToArray(), 1e-9);
        const double curvature = 1e-10;
        var nearly = new QuadraticProgram(Tensor.Of(-1.0, 0.0)) { P = Matrix([1 + curvature, -1], [-1, 1]) };
        Close.Normwise([1 / curvature, 1 / curvature], Argmin.Qp(nearly).ToArray(), 1e-4);
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();
}
