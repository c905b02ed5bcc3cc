using Implicit.Tests.Laws;
using Xunit;
using static Implicit.Functions;
using static Implicit.Tests.Solvers.Convex.Qps;

namespace Implicit.Tests.Solvers.Convex.Programs;

/// <summary>Programs with known answers, written as ordinary functions: optimum, multipliers and derivatives to 1e-8.</summary>
public sealed class ProgramTests
{
    private const double Tolerance = 1e-8;

    [Fact]
    public void Projection_onto_the_simplex()
    {
        Tensor v = Tensor.Of(1.0, 0.4, -0.2);
        Is(Projected(v), 0.8, 0.2, 0.0);
        Is(Jacobian(Projected, v), 0.5, -0.5, 0, -0.5, 0.5, 0, 0, 0, 0);
        ArgminSolution<Tensor> solution = OntoSimplex(v).Solve(v);
        Assert.True(solution.IsSuccess, solution.Message);
        Assert.Equal(QpStatus.Solved, solution.Status);
        Is(solution.Duals[0], 0.2);
        Is(solution.Duals[1], 0, 0, 0.4);
        Is(solution.Objective, -0.54 + 0.6);
        Assert.Equal(0, solution.Iterations);
    }

    [Fact]
    public void Projection_onto_a_box()
    {
        Tensor q = Tensor.Of(-2.0, -0.3, 1.0);
        ConvexProgram<Tensor> Program(Tensor q) =>
            ConvexProgram.Minimise((Tensor x) => (0.5 * Sumsq(x)) + Sum(q * x)).SubjectTo(x => [x <= 1.0, 0.0 <= x]);
        ArgminSolution<Tensor> solution = Program(q).Solve(q);
        Is(solution.Value, 1, 0.3, 0);
        Is(solution.Duals[0], 1, 0, 0);
        Is(solution.Duals[1], 0, 0, 1);
        Is(solution.Objective, -1.545);
        Is(Jacobian(q => Argmin(Program(q), q), q), 0, 0, 0, 0, -1, 0, 0, 0, 0);
    }

    [Fact]
    public void Portfolios_of_least_variance_and_of_best_return()
    {
        Tensor variance = Tensor.Of(0.04, 0.09, 0.16);
        Tensor mu = Tensor.Of(0.10, 0.12, 0.15);
        ConvexProgram<Tensor> Program(Tensor mu) =>
            ConvexProgram
                .Minimise((Tensor w) => (0.5 * Sum(w * w * variance)) - Sum(mu * w))
                .SubjectTo(w => [Equal(Sum(w), 1.0), w >= 0.0]);
        ArgminSolution<Tensor> least = Program(Zeros([3])).Solve(mu);
        Is(least.Value, 36 / 61.0, 16 / 61.0, 9 / 61.0);
        Is(least.Duals[0], -36 / 1525.0);
        ArgminSolution<Tensor> best = Program(mu).Solve(mu);
        Close.Elementwise([0.2745901639, 0.3442622951, 0.3811475410], best.Value.ToArray(), 1e-9);
        Close.Elementwise([0.0890163934], best.Duals[0].ToArray(), 1e-9);
    }

    [Fact]
    public void Control_of_a_double_integrator_by_a_loop()
    {
        Tensor start = Tensor.Of(1.0, 0.0);
        ArgminSolution<Tensor> free = Control(start, null).Solve(Zeros([3]));
        Close.Elementwise([-0.6128701193, 0.3621157116, 0.1816705727], free.Value.ToArray(), 1e-9);
        Close.Elementwise([0.5285755863], free.Objective.ToArray(), 1e-9);
        double[] first = Jacobian(x => Control(x, null).Argmin(Zeros([3])), start)[0].ToArray();
        Close.Elementwise([-0.6128701193, -1.2678645285], first, 1e-9);

        ArgminSolution<Tensor> bounded = Control(start, 0.4).Solve(Zeros([3]));
        Close.Elementwise([-0.4, 0.0349483717, 0.2509928515], bounded.Value.ToArray(), 1e-9);
        Close.Elementwise([0.5518983320, 0, 0], bounded.Duals[0].ToArray(), 1e-9);
        Close.Elementwise([0.5873169182], bounded.Objective.ToArray(), 1e-9);
        double[] both = Jacobian(x => Control(x, 0.4).Argmin(Zeros([3])), start).ToArray();
        Close.Elementwise([0, 0, -0.5798252581, -1.8268467037, 0.3812549643, 0.5162827641], both, 1e-9);
    }

    [Fact]
    public void A_linear_program()
    {
        Tensor h = Tensor.Of(4.0, 12.0, 18.0);
        Tensor rows = Matrix([1, 0], [0, 2], [3, 2]);
        Tensor gain = Tensor.Of(3.0, 5.0);
        ConvexProgram<Tensor> Program(Tensor h, Tensor gain) =>
            ConvexProgram.Minimise((Tensor x) => -Sum(gain * x)).SubjectTo(x => [MatMul(rows, x) <= h]);
        ArgminSolution<Tensor> solution = Program(h, gain).Solve(gain);
        Is(solution.Value, 2, 6);
        Is(solution.Duals[0], 0, 1.5, 1);
        Is(solution.Objective, -36);
        Is(Grad(h => Sum(Argmin(Program(h, gain), gain)), h), 0, 1 / 6.0, 1 / 3.0);
        Is(Jacobian(gain => Argmin(Program(h, gain), gain), gain), 0, 0, 0, 0);
    }

    [Fact]
    public void Infeasible_and_unbounded_programs_say_so()
    {
        var infeasible = ConvexProgram.Minimise((Tensor x) => Sum(x)).SubjectTo(x => [x <= -1.0, x >= 1.0]);
        Assert.Equal(QpStatus.PrimalInfeasible, infeasible.Solve(Zeros([2])).Status);
        Assert.Contains(
            "[qp]",
            Assert.Throws<SolveException>(() => infeasible.Argmin(Zeros([2]))).Message,
            StringComparison.Ordinal
        );
        var unbounded = ConvexProgram.Minimise((Tensor x) => Sum(x)).SubjectTo(x => [x <= 1.0]);
        Assert.Equal(QpStatus.DualInfeasible, unbounded.Solve(Zeros([2])).Status);
        Assert.Equal(QpStatus.NonConvex, ConvexProgram.Minimise((Tensor x) => -Sumsq(x)).Solve(Zeros([2])).Status);
    }

    private static ConvexProgram<Tensor> OntoSimplex(Tensor v) =>
        ConvexProgram.Minimise((Tensor x) => 0.5 * Sumsq(x - v)).SubjectTo(x => [Equal(Sum(x), 1.0), x >= 0.0]);

    private static Tensor Projected(Tensor v) => Argmin(OntoSimplex(v), v);

    /// <summary>x⁺ = Ax + Bu from a start, ½Σ‖x‖² + ½·0.1·Σu² over three steps.</summary>
    private static ConvexProgram<Tensor> Control(Tensor start, double? limit)
    {
        Tensor a = Matrix([1, 1], [0, 1]);
        Tensor b = Tensor.Of(0.5, 1.0);
        var program = ConvexProgram.Minimise(
            (Tensor u) =>
            {
                (_, Tensor states) = Scan(
                    (Tensor x, Tensor control) =>
                    {
                        Tensor next = MatMul(a, x) + (b * control);
                        return (next, next);
                    },
                    start,
                    u
                );
                return 0.5 * (Sumsq(states) + (0.1 * Sumsq(u)));
            }
        );
        return limit is { } most ? program.SubjectTo(u => [u >= -most, u <= most]) : program;
    }

    private static void Is(Tensor actual, params double[] expected) =>
        Close.Elementwise(expected, actual.ToArray(), Tolerance);
}
