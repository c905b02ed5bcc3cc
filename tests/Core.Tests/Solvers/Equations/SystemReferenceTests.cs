using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>
/// Systems with answers known to many digits: J. Moré, B. Garbow, K. Hillstrom, ACM TOMS 7 (1981), and the 23 problems of the Julia package
/// NonlinearProblemLibrary.
/// </summary>
public sealed class SystemReferenceTests
{
    private static readonly EquationOptions Tight = new() { RelativeTolerance = 1e-14, AbsoluteTolerance = 1e-14 };

    [Theory]
    [InlineData(2.9, 2.1, 3.0, 2.0)]
    [InlineData(3.5, -1.8, 3.5844283403305, -1.8481265269644)]
    [InlineData(-3.7, -3.2, -3.7793102533777, -3.2831859912862)]
    [InlineData(-2.8, 3.1, -2.8051180869527, 3.1313125182506)]
    public void Himmelblau_s_four_roots(double x0, double y0, double x, double y) =>
        Close.Elementwise(
            [x, y],
            Himmelblau(Tensor.Of([11.0, 7.0]), Tensor.Of([x0, y0]), new Newton()).ToArray(),
            1e-12
        );

    [Fact]
    public void The_derivative_of_a_root_of_Himmelblau_s()
    {
        Tensor Find(Tensor p) => Himmelblau(p, Tensor.Of([2.9, 2.1]), new Newton());
        double[] expected = [4.0 / 23, -1.0 / 23, -1.0 / 23, 6.0 / 23];
        var at = Tensor.Of([11.0, 7.0]);
        Close.Elementwise(expected, Jacobians.Jacobian(Find, at).ToArray(), 1e-11);
        Close.Elementwise(expected, Jacobians.JacobianForward(Find, at).ToArray(), 1e-11);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Broyden_s_tridiagonal_system(bool byBroyden)
    {
        double[] expected =
        [
            -.57072213201122,
            -.68180694998428,
            -.70221007601766,
            -.70551062989508,
            -.70490615572874,
            -.70149660702985,
            -.6918893223548,
            -.66579651440585,
            -.59603510902637,
            -.41641225752869,
        ];
        Tensor x = Root.Find(
            x => ((3.0 - (2.0 * x)) * x) - Before(x) - (2.0 * After(x)) + 1.0,
            -Tensor.Ones([10]),
            byBroyden ? Tight with { Method = new Broyden() } : Tight
        );
        Close.Elementwise(expected, x.ToArray(), 1e-10);
    }

    /// <summary>The discrete boundary value problem and the discrete integral equation (their problems 28 and 29) have the same root.</summary>
    [Theory]
    [InlineData("newton")]
    [InlineData("newton, gmres")]
    [InlineData("broyden")]
    public void A_boundary_value_problem_and_its_integral_equation(string method)
    {
        double[] expected =
        [
            -.043164982518765,
            -.081577156535387,
            -.11448571438053,
            -.1409735768626,
            -.15990869618198,
            -.16987720231277,
            -.16908998378121,
            -.15524953522183,
            -.12535589167894,
            -.075416533685892,
        ];
        const double h = 1.0 / 11;
        Tensor t = (Tensor.Cast(Tensor.Arange(10), DType.Float64) + 1.0) * h;
        EquationOptions options = Tight with { Method = EquationCases.Methods[method] };
        Tensor Cube(Tensor x) => Tensor.Pow(x + t + 1.0, 3.0);
        Tensor boundary = Root.Find(
            x => (2.0 * x) - Before(x) - After(x) + (h * h * Cube(x) / 2.0),
            t * (t - 1.0),
            options
        );
        Close.Elementwise(expected, boundary.ToArray(), 1e-10);
        Tensor integral = Root.Find(
            x =>
            {
                Tensor left = Tensor.Cumsum(t * Cube(x));
                Tensor right = (1.0 - t) * Cube(x);
                return x + (h / 2.0 * (((1.0 - t) * left) + (t * (Tensor.Sum(right) - Tensor.Cumsum(right)))));
            },
            t * (t - 1.0),
            options
        );
        Close.Elementwise(expected, integral.ToArray(), 1e-10);
    }

    public static TheoryData<string, double[], double[]> Standard =>
        new()
        {
            { "Rosenbrock", [-1.2, 1.0], [1.0, 1.0] },
            { "Wood", [0.8, 0.8, 0.8, 0.8], [1.0, 1.0, 1.0, 1.0] },
            { "helical valley", [-1.0, 0.0, 0.0], [1.0, 0.0, 0.0] },
            { "Chebyquad", [-1.0 / 3, 1.0 / 3], [-0.57735026918963, 0.57735026918963] },
            { "Brown", [0.95, 0.95, 0.95, 0.95, 0.95], [1.0, 1.0, 1.0, 1.0, 1.0] },
            { "Hammarling", [1.0, 0.0, 0.0, 1.0], [0.01, 50.0, 0.0, 0.01] },
            { "Dennis and Schnabel", [1.0, 5.0], [0.0, 3.0] },
            { "Freudenstein and Roth", [6.0, 5.0], [5.0, 4.0] },
            { "Boggs", [1.0, 0.0], [0.0, 1.0] },
        };

    [Theory]
    [MemberData(nameof(Standard))]
    public void Standard_problems_by_Newton_s_method(string problem, double[] start, double[] expected)
    {
        Solution<Tensor> solution = Root.Solve(x => Equations(problem, x), Tensor.Of(start), Tight);
        Assert.True(solution.IsSuccess, solution.Message);
        Assert.False(solution.IsSingular);
        Close.Elementwise(expected, solution.Value.ToArray(), 1e-9);
        Assert.False(Root.Solve(x => Equations(problem, x), Tensor.Of(start)).IsSingular);
    }

    /// <summary>From the standard starts Newton's method, damped or not, finds the other root of these two.</summary>
    [Theory]
    [InlineData("Wood", -0.967974024937594, new[] { -3.0, -1.0, -3.0, -1.0 })]
    [InlineData("Brown", -0.579043088494116, new[] { 0.5, 0.5, 0.5, 0.5, 0.5 })]
    public void Problems_with_two_roots(string problem, double first, double[] start)
    {
        Solution<Tensor> solution = Root.Solve(x => Equations(problem, x), Tensor.Of(start), Tight);
        Assert.True(solution.IsSuccess, solution.Message);
        Assert.Equal(first, solution.Value[0].ToDouble(), 1e-9);
        Assert.All(Equations(problem, solution.Value).ToArray(), element => Assert.Equal(0.0, element, 1e-9));
    }

    /// <summary>Between the standard start and the root ∂F/∂z is singular, at y = −0.8968, and no Newton direction leads on from there.</summary>
    [Fact]
    public void A_point_where_Newton_s_method_is_stuck_is_reported()
    {
        Solution<Tensor> solution = Root.Solve(
            x => Equations("Freudenstein and Roth", x),
            Tensor.Of([0.5, -2.0]),
            Tight
        );
        Assert.Equal(SolveStatus.Stagnated, solution.Status);
        Assert.Equal(7.6115, solution.Residual, 1e-3);
        Assert.Equal(-0.8968, solution.Value[1].ToDouble(), 1e-3);
    }

    /// <summary>Powell's singular function: ∂F/∂z has rank 2 at the root, so the error falls by half a step, and the residual by a quarter.</summary>
    [Fact]
    public void A_singular_root_is_met_at_a_linear_rate_and_flagged()
    {
        Solution<Tensor> solution = Root.Solve(x => Equations("Powell singular", x), Tensor.Of([3.0, -1.0, 0.0, 1.0]));
        Assert.True(solution.IsSuccess, solution.Message);
        Assert.True(solution.IsSingular);
        Assert.Contains("singular at this root, so convergence is linear", solution.Message, StringComparison.Ordinal);
        IReadOnlyList<double> trace = solution.Trace;
        for (int i = 3; i < trace.Count; i++)
            Assert.Equal(0.25, trace[i] / trace[i - 1], 0.01);
    }

    /// <summary>The root of Himmelblau's system x² + y = a, x + y² = b near a start.</summary>
    internal static Tensor Himmelblau(Tensor p, Tensor start, EquationMethod method) =>
        Root.Find(
            z => Tensor.Stack([(z[0] * z[0]) + z[1], z[0] + (z[1] * z[1])]) - p,
            start,
            Tight with
            {
                Method = method,
            }
        );

    private static Tensor Equations(string problem, Tensor x) =>
        Tensor.Stack(
            problem switch
            {
                "Rosenbrock" => [10.0 * (x[1] - (x[0] * x[0])), 1.0 - x[0]],
                "Wood" => Wood(x),
                "helical valley" =>
                [
                    10.0 * (x[2] - (10.0 * Tensor.Atan2(x[1], x[0]) / (2.0 * Math.PI))),
                    10.0 * (Tensor.Sqrt((x[0] * x[0]) + (x[1] * x[1])) - 1.0),
                    x[2],
                ],
                "Chebyquad" => [x[0] + x[1], (x[0] * x[0]) + (x[1] * x[1]) - (2.0 / 3)],
                "Brown" => [.. Enumerable.Range(0, 4).Select(i => x[i] + Tensor.Sum(x) - 6.0), Tensor.Prod(x) - 1.0],
                "Hammarling" =>
                [
                    (x[0] * x[0]) + (x[1] * x[2]) - 1e-4,
                    (x[0] * x[1]) + (x[1] * x[3]) - 1.0,
                    (x[2] * x[0]) + (x[3] * x[2]),
                    (x[2] * x[1]) + (x[3] * x[3]) - 1e-4,
                ],
                "Dennis and Schnabel" => [x[0] + x[1] - 3.0, (x[0] * x[0]) + (x[1] * x[1]) - 9.0],
                "Freudenstein and Roth" =>
                [
                    x[0] - 13.0 + ((((5.0 - x[1]) * x[1]) - 2.0) * x[1]),
                    x[0] - 29.0 + ((((x[1] + 1.0) * x[1]) - 14.0) * x[1]),
                ],
                "Boggs" => [(x[0] * x[0]) - x[1] + 1.0, x[0] - Tensor.Cos(Math.PI * x[1] / 2.0)],
                "Powell singular" =>
                [
                    x[0] + (10.0 * x[1]),
                    Math.Sqrt(5.0) * (x[2] - x[3]),
                    Tensor.Pow(x[1] - (2.0 * x[2]), 2.0),
                    Math.Sqrt(10.0) * Tensor.Pow(x[0] - x[3], 2.0),
                ],
                _ => throw new ArgumentException(problem, nameof(problem)),
            }
        );

    private static Tensor[] Wood(Tensor x)
    {
        Tensor first = x[1] - (x[0] * x[0]);
        Tensor second = x[3] - (x[2] * x[2]);
        return
        [
            (-200.0 * x[0] * first) - (1.0 - x[0]),
            (200.0 * first) + (20.2 * (x[1] - 1.0)) + (19.8 * (x[3] - 1.0)),
            (-180.0 * x[2] * second) - (1.0 - x[2]),
            (180.0 * second) + (20.2 * (x[3] - 1.0)) + (19.8 * (x[1] - 1.0)),
        ];
    }

    private static Tensor Before(Tensor x) => Tensor.Concat([Tensor.Zeros([1]), Tensor.Slice(x, 0, 0, -1)], 0);

    private static Tensor After(Tensor x) => Tensor.Concat([Tensor.Slice(x, 0, 1), Tensor.Zeros([1])], 0);
}
