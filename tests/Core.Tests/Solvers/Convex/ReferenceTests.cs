using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex;

/// <summary>Problems with known answers: optimum, multipliers and gradients to 1e-8.</summary>
public sealed class ReferenceTests
{
    private const double Tolerance = 1e-8;

    [Fact]
    public void Projection_onto_the_simplex()
    {
        QpSolution solution = Solved(Simplex, -0.54, 0.8, 0.2, 0.0);
        Is(solution.Y, 0.2);
        Is(solution.ZLower, 0.0, 0.0, 0.4);
        QuadraticProgram g = Gradient(Simplex, x => x[0]);
        Is(g.Q, -0.5, 0.5, 0.0);
        Is(g.B!, 0.5);
        Is(g.A!, -0.5, 0.0, 0.0);
        Is(g.P!, -0.4, 0.15, 0.0, 0.15, 0.1, 0.0, 0.0, 0.0, 0.0);
        Is(g.Lower!, 0.0, 0.0, -0.5);
    }

    [Fact]
    public void Projection_onto_a_box()
    {
        var box = new QuadraticProgram(Tensor.Of(-2.0, -0.3, 1.0))
        {
            P = Tensor.Eye(3),
            Lower = Tensor.Zeros([3]),
            Upper = Tensor.Ones([3]),
        };
        QpSolution solution = Solved(box, -1.545, 1.0, 0.3, 0.0);
        Is(solution.ZUpper, 1.0, 0.0, 0.0);
        Is(solution.ZLower, 0.0, 0.0, 1.0);
        Tensor jacobian = Jacobians.Jacobian(q => Argmin.Qp(box with { Q = q }), box.Q);
        Is(jacobian, 0, 0, 0, 0, -1, 0, 0, 0, 0);
    }

    [Fact]
    public void Equalities_alone()
    {
        var qp = new QuadraticProgram(Tensor.Of(1.0, 1.0))
        {
            P = Matrix([4, 1], [1, 2]),
            A = Matrix([1, 1]),
            B = Tensor.Of(1.0),
        };
        QpSolution solution = Solved(qp, 1.875, 0.25, 0.75);
        Is(solution.Y, -2.75);
        Is(Jacobians.Jacobian(q => Argmin.Qp(qp with { Q = q }), qp.Q), -0.25, 0.25, 0.25, -0.25);
        Is(Jacobians.Jacobian(b => Argmin.Qp(qp with { B = b }), qp.B!), 0.25, 0.75);
        Is(Jacobians.Jacobian(q => Argmin.SolveQp(qp with { Q = q }).Y, qp.Q), -0.25, -0.75);
        Is(Jacobians.Jacobian(b => Argmin.SolveQp(qp with { B = b }).Y, qp.B!), -1.75);
    }

    [Fact]
    public void Nocedal_and_Wright_16_2()
    {
        var qp = new QuadraticProgram(Tensor.Of(-8.0, -3.0, -3.0))
        {
            P = Matrix([6, 2, 1], [2, 5, 2], [1, 2, 4]),
            A = Matrix([1, 0, 1], [0, 1, 1]),
            B = Tensor.Of(3.0, 0.0),
        };
        Is(Solved(qp, -3.5, 2.0, -1.0, 1.0).Y, -3.0, 2.0);
        QuadraticProgram g = Gradient(qp, x => x[0]);
        Is(g.Q, -1.0 / 13, -1.0 / 13, 1.0 / 13);
        Is(g.B!, 6.0 / 13, -5.0 / 13);
    }

    [Fact]
    public void Nocedal_and_Wright_16_4()
    {
        var qp = new QuadraticProgram(Tensor.Of(-2.0, -5.0))
        {
            P = Matrix([2, 0], [0, 2]),
            G = Matrix([-1, 2], [1, 2], [1, -2], [-1, 0], [0, -1]),
            H = Tensor.Of(2.0, 6.0, 2.0, 0.0, 0.0),
        };
        QpSolution solution = Solved(qp, 0.8 - 7.25, 1.4, 1.7);
        Is(solution.Z, 0.8, 0.0, 0.0, 0.0, 0.0);
        Is(solution.Slack, 0.0, 1.2, 4.0, 1.4, 1.7);
        QuadraticProgram g = Gradient(qp, x => Tensor.Sum(x));
        Is(g.Q, -0.6, -0.3);
        Is(g.H!, 0.2, 0.0, 0.0, 0.0, 0.0);
    }

    [Fact]
    public void Hock_and_Schittkowski_35_and_76()
    {
        Is(Solved(Hs35, 1.0 / 9 - 9, 4.0 / 3, 7.0 / 9, 4.0 / 9).Z, 2.0 / 9);
        QuadraticProgram g = Gradient(Hs35, x => x[0]);
        Is(g.Q, -0.5, 1.0 / 6, 1.0 / 6);
        Is(g.H!, -1.0 / 3);
        QpSolution solution = Solved(Hs76, -103.0 / 22, 3.0 / 11, 23.0 / 11, 0.0, 6.0 / 11);
        Is(solution.Z, 5.0 / 11, 0.0, 0.0);
        Is(solution.ZLower, 0.0, 0.0, 19.0 / 11, 0.0);
        g = Gradient(Hs76, x => Tensor.Sum(x));
        Is(g.Q, -2.0 / 11, 3.0 / 11, 0.0, -4.0 / 11);
        Is(g.H!, 7.0 / 11, 0.0, 0.0);
    }

    [Fact]
    public void Maros_and_Meszaros_qptest_and_zecevic2()
    {
        var qptest = new QuadraticProgram(Tensor.Of(1.5, -2.0))
        {
            P = Matrix([8, 2], [2, 10]),
            G = Matrix([-2, -1], [-1, 2]),
            H = Tensor.Of(-2.0, 6.0),
            Lower = Tensor.Zeros([2]),
            Upper = Tensor.Of(20.0, 1e20),
        };
        Is(Solved(qptest, 4.371875, 0.7625, 0.475).Z, 4.275, 0.0);
        var zecevic2 = new QuadraticProgram(Tensor.Of(-2.0, -3.0))
        {
            P = Matrix([0, 0], [0, 4]),
            G = Matrix([1, 1], [1, 4]),
            H = Tensor.Of(2.0, 4.0),
            Lower = Tensor.Zeros([2]),
            Upper = Tensor.Of(10.0, 10.0),
        };
        Is(Solved(zecevic2, -4.125, 1.75, 0.25).Z, 2.0, 0.0);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, -1.0, 0.5, 0.5, 1.0, 0.0)]
    [InlineData(0.4, -32.0 / 45, 11.0 / 45, 1.0 / 3, 0.4, 8.0 / 45)]
    public void Dual_of_a_support_vector_machine(double box, double objective, params double[] alpha)
    {
        double[][] points =
        [
            [0, 0],
            [2, 2],
            [2, 0],
            [3, 0],
        ];
        double[] labels = [-1, -1, 1, 1];
        double[] gram =
        [
            .. from i in Enumerable.Range(0, 4)
            from j in Enumerable.Range(0, 4)
            select labels[i] * labels[j] * ((points[i][0] * points[j][0]) + (points[i][1] * points[j][1])),
        ];
        Solved(
            new QuadraticProgram(-Tensor.Ones([4]))
            {
                P = Tensor.Of(gram, [4, 4]),
                A = Tensor.Of(labels, [1, 4]),
                B = Tensor.Of(0.0),
                Lower = Tensor.Zeros([4]),
                Upper = Tensor.Full([4], box),
            },
            objective,
            alpha
        );
    }

    [Fact]
    public void Portfolios()
    {
        var least = new QuadraticProgram(Tensor.Zeros([3]))
        {
            P = Tensor.Diag(Tensor.Of(0.04, 0.09, 0.16)),
            A = Matrix([1, 1, 1]),
            B = Tensor.Of(1.0),
            Lower = Tensor.Zeros([3]),
        };
        Is(Argmin.Qp(least), 36.0 / 61, 16.0 / 61, 9.0 / 61);
        Is(Argmin.SolveQp(least).Y, -36.0 / 1525);
        QpSolution best = Argmin.SolveQp(least with { Q = Tensor.Of(-0.10, -0.12, -0.15) });
        Is(best.X, 0.2745901639344262, 0.3442622950819672, 0.3811475409836066);
        Is(best.Y, 0.0890163934426229);
    }

    /// <summary>x⁺ = [1 1; 0 1]·x + (½, 1)·u over three steps from x₀ = (1, 0), Σ ½|x|² + ½·0.1·u²: the states condensed away.</summary>
    [Fact]
    public void Model_predictive_control_of_a_double_integrator()
    {
        Tensor response = Matrix([0.5, 0, 0], [1, 0, 0], [1.5, 0.5, 0], [1, 1, 0], [2.5, 1.5, 0.5], [1, 1, 1]);
        Tensor drift = Matrix([1, 1], [0, 1], [1, 2], [0, 1], [1, 3], [0, 1]);
        Tensor x0 = Tensor.Of(1.0, 0.0);
        var boxed = new QuadraticProgram(Pull(x0))
        {
            P = Tensor.MatMul(response.T, response) + (0.1 * Tensor.Eye(3)),
            Lower = Tensor.Full([3], -0.4),
            Upper = Tensor.Full([3], 0.4),
        };
        QuadraticProgram free = boxed with { Lower = null, Upper = null };
        Solved(free, 0.5285755863 - 1.5, -0.6128701193, 0.3621157116, 0.1816705727);
        Tensor gain = Jacobians.Jacobian(x => Argmin.Qp(free with { Q = Pull(x) }), x0);
        Is(gain[0], -0.6128701193, -1.2678645285);
        Is(Solved(boxed, 0.5873169182 - 1.5, -0.4, 0.0349483717, 0.2509928515).ZLower, 0.5518983320, 0.0, 0.0);
        gain = Jacobians.Jacobian(x => Argmin.Qp(boxed with { Q = Pull(x) }), x0);
        Is(gain, 0.0, 0.0, -0.5798252581, -1.8268467037, 0.3812549643, 0.5162827641);

        Tensor Pull(Tensor x) => Tensor.MatMul(response.T, Tensor.MatMul(drift, x));
    }

    [Fact]
    public void Linear_program_Wyndor()
    {
        var qp = new QuadraticProgram(Tensor.Of(-3.0, -5.0))
        {
            G = Matrix([1, 0], [0, 2], [3, 2]),
            H = Tensor.Of(4.0, 12.0, 18.0),
        };
        Is(Solved(qp, -36.0, 2.0, 6.0).Z, 0.0, 1.5, 1.0);
        QuadraticProgram g = Gradient(qp, x => Tensor.Sum(x));
        Is(g.Q, 0.0, 0.0);
        Is(g.H!, 0.0, 1.0 / 6, 1.0 / 3);
    }

    private static QpSolution Solved(QuadraticProgram qp, double objective, params double[] x)
    {
        QpSolution solution = Argmin.SolveQp(qp);
        Assert.True(solution.IsSuccess, solution.ToString());
        Is(solution.X, x);
        Is(solution.Objective, objective);
        return solution;
    }

    private static QuadraticProgram Gradient(QuadraticProgram qp, Func<Tensor, Tensor> loss) =>
        With(qp, Differentiation.Grad<Tensor[], Tensor>(data => loss(Argmin.Qp(With(qp, data))), Data(qp)));

    private static void Is(Tensor actual, params double[] expected) =>
        Close.Elementwise(expected, actual.ToArray(), Tolerance);
}
