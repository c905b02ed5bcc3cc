using Implicit.Tests.Laws;
using Implicit.Transforms;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>
/// The derivatives of fixed points of so many unknowns that the linear solve begins with the plain iteration, which solves some items of a batch and
/// not others, against those by factors.
/// </summary>
public sealed class PlainAdjointTests
{
    private const int N = 50;

    /// <summary>How far each item's layer is from the identity: ∂f/∂z of the first contracts fast, of the last slowly.</summary>
    private static readonly double[] Scales = [0.2, 0.9, 0.4];

    private static readonly Tensor[] Point =
    [
        Tensor.Of(Draw(N * N, 1), [N, N]) * Math.Sqrt(3.0 / N),
        Tensor.Of(Draw(Scales.Length * N, 2), [Scales.Length, N]),
    ];

    private static readonly Tensor[] Direction =
    [
        Tensor.Of(Draw(N * N, 3), [N, N]),
        Tensor.Of(Draw(Scales.Length * N, 4), [Scales.Length, N]),
    ];

    public static TheoryData<string> Methods => ["picard", "picard, damped", "anderson", "broyden"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_derivative_is_that_by_factors(string method)
    {
        Func<Tensor[], Tensor> loss = Loss(method, new ImplicitDerivative.Exact());
        Func<Tensor[], Tensor> exact = Loss(method, new ImplicitDerivative.Exact(new LinearSolver.Direct()));
        Same(Differentiation.Grad(exact, Point), Differentiation.Grad(loss, Point));
        Same(
            [Differentiation.Jvp(exact, Point, Direction).Tangent],
            [Differentiation.Jvp(loss, Point, Direction).Tangent]
        );
        Same(Jacobians.Hvp(exact, Point, Direction), Jacobians.Hvp(loss, Point, Direction));

        static void Same(Tensor[] expected, Tensor[] actual)
        {
            for (int i = 0; i < expected.Length; i++)
                Close.Normwise(expected[i].ToArray(), actual[i].ToArray(), 1e-8);
        }
    }

    /// <summary>Where ∂f/∂z is symmetric and a contraction, ∂F/∂z is negative definite.</summary>
    [Fact]
    public void Conjugate_gradients_differentiate_a_symmetric_layer()
    {
        Tensor weights = Point[0] + Tensor.Transpose(Point[0]);
        Tensor Sum(Tensor b, LinearSolver solver) =>
            Tensor.Sum(
                FixedPoint.Find(
                    z => Tensor.MatMul(weights, z) * (0.4 / Math.Sqrt(N)) + b,
                    Tensor.Zeros([N]),
                    new EquationOptions { Derivative = new ImplicitDerivative.Exact(solver) }
                )
            );
        Tensor at = Point[1][0];
        Close.Normwise(
            Differentiation.Grad(b => Sum(b, new LinearSolver.Direct()), at).ToArray(),
            Differentiation.Grad(b => Sum(b, new LinearSolver.Cg()), at).ToArray(),
            1e-8
        );
    }

    /// <summary>An adjoint solve that contracts takes the plain iteration's steps; by GMRES, where that is asked for, it takes those of GMRES.</summary>
    [Fact]
    public void What_is_asked_for_is_done()
    {
        Assert.InRange(Steps(0.4, new ImplicitDerivative.Exact()), 20, 40);
        Assert.Equal(
            Steps(0.4, new ImplicitDerivative.Exact(new LinearSolver.Gmres { Richardson = -1.0 })),
            Steps(0.4, new ImplicitDerivative.Exact())
        );
        Assert.Equal(1, Steps(0.0, new ImplicitDerivative.Exact(new LinearSolver.Gmres())));
        Assert.Equal(1, Steps(0.0, new ImplicitDerivative.Exact()));
        // A symmetric map, for which GMRES takes fewer.
        Assert.True(
            Steps(0.4, new ImplicitDerivative.Exact(new LinearSolver.Gmres()))
                < Steps(0.4, new ImplicitDerivative.Exact()) - 5
        );

        static int Steps(double rate, ImplicitDerivative derivative)
        {
            Tensor rates = Tensor.Of([.. Enumerable.Range(0, N).Select(i => rate * Math.Cos(i))]);
            Tensor Loss(Tensor certificate) =>
                Tensor.Sum(
                    FixedPoint.Find(
                        z => (rates * z) + 1.0,
                        Tensor.Zeros([N]),
                        new EquationOptions { Method = new Picard(), Derivative = derivative }.Certified(certificate)
                    )
                );
            var report = LinearReport.Read(Differentiation.Grad(Loss, Tensor.Zeros([4])));
            Assert.True(report.IsSuccess);
            return report.Iterations;
        }
    }

    /// <summary>The solve of a batch is traced once for each solver: what one has solved, another still fails at.</summary>
    [Fact]
    public void A_solver_of_the_same_equations_is_not_taken_for_another()
    {
        Tensor[] Gradient(int steps) =>
            Differentiation.Grad(
                Loss("picard", new ImplicitDerivative.Exact(new LinearSolver.Gmres { MaxSteps = steps })),
                Point
            );
        Gradient(1000)[0].ToArray();
        Assert.Throws<SolveException>(() => Gradient(1)[0].ToArray());
    }

    private static Func<Tensor[], Tensor> Loss(string method, ImplicitDerivative derivative)
    {
        var options = new EquationOptions
        {
            Method = EquationCases.Methods[method],
            RelativeTolerance = 1e-12,
            MaxSteps = 5000,
            Derivative = derivative,
        };
        Tensor One(Tensor matrix, Tensor scale, Tensor shift) =>
            Tensor.Sum(
                Tensor.Sin(
                    FixedPoint.Find(
                        z => Tensor.Tanh((scale * Tensor.MatMul(matrix, z)) + shift),
                        Tensor.Zeros([N]),
                        options
                    )
                )
            );
        return p =>
            Tensor.Sum(
                Vectorisation.Vmap(one => One(p[0], one.Scale, one.Shift), (Scale: Tensor.Of(Scales), Shift: p[1]))
            );
    }

    private static double[] Draw(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2.0 * random.NextDouble()) - 1.0)];
    }
}
