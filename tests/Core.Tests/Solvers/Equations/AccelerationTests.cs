using Implicit.Tests.Laws;
using Xunit;

namespace Implicit.Tests.Solvers.Equations;

/// <summary>What acceleration is for.</summary>
public sealed class AccelerationTests
{
    public static MatrixTheoryData<double, int, bool> Contractions => new([0.9, 0.99], [50, 512], [false, true]);

    /// <summary>A symmetric contraction by γ, linear or inside a tanh: the residual is met in no more evaluations, whatever it is.</summary>
    [Theory]
    [MemberData(nameof(Contractions))]
    public void Anderson_needs_no_more_evaluations_than_Picard(double factor, int n, bool isLinear)
    {
        Func<Tensor, Tensor> f = Contraction(factor, n, isLinear);
        IReadOnlyList<double> plain = Trace(new Picard());
        foreach (int memory in new[] { 1, 5, 10 })
        {
            IReadOnlyList<double> accelerated = Trace(new Anderson(memory));
            for (double tolerance = 1e-1; tolerance > 0.9e-10; tolerance /= 10)
                Assert.True(
                    Evaluations(accelerated, tolerance) <= Evaluations(plain, tolerance),
                    $"{Evaluations(accelerated, tolerance)} and {Evaluations(plain, tolerance)} at {tolerance}"
                );
        }

        IReadOnlyList<double> Trace(EquationMethod method)
        {
            Solution<Tensor> solution = FixedPoint.Solve(
                f,
                Tensor.Zeros([n]),
                new EquationOptions
                {
                    Method = method,
                    RelativeTolerance = 1e-11,
                    MaxSteps = 5000,
                }
            );
            Assert.True(solution.IsSuccess, solution.Message);
            return solution.Trace;
        }

        static int Evaluations(IReadOnlyList<double> trace, double tolerance) =>
            trace.TakeWhile(residual => residual > tolerance * trace[0]).Count();
    }

    /// <summary>z ← tanh(−4z + b) has a repelling fixed point, and plain iteration ends in a 2-cycle.</summary>
    [Theory]
    [InlineData("anderson")]
    [InlineData("broyden")]
    [InlineData("newton")]
    public void Where_Picard_cycles_others_converge(string method)
    {
        var bias = Tensor.Of([0.3, -0.2, 0.5]);
        Tensor weights = Tensor.Eye(3) * -4.0;
        Tensor F(Tensor z) => EquationCases.Layer(weights, bias, z);
        Solution<Tensor> plain = FixedPoint.Solve(F, Tensor.Zeros([3]), new EquationOptions { Method = new Picard() });
        Assert.Equal(SolveStatus.Stagnated, plain.Status);
        Solution<Tensor> solution = FixedPoint.Solve(
            F,
            Tensor.Zeros([3]),
            new EquationOptions { Method = EquationCases.Methods[method] }
        );
        Assert.True(solution.IsSuccess, solution.Message);
        Close.Elementwise(solution.Value.ToArray(), F(solution.Value).ToArray(), 1e-9);
    }

    [Fact]
    public void Single_precision_reaches_its_own_tolerance()
    {
        var weights = Tensor.Cast(EquationCases.Matrix(EquationCases.Weights), DType.Float32);
        var bias = Tensor.Cast(Tensor.Of(EquationCases.Bias), DType.Float32);
        foreach (EquationMethod method in EquationCases.Methods.Values)
        {
            Tensor z = EquationCases.Equilibrium(weights, bias, new EquationOptions { Method = method });
            Assert.Equal(DType.Float32, z.DType);
            Close.Elementwise([0.65920802654861, -0.093874410175538, -0.0043381743878832], z.ToArray(), 1e-4);
        }
    }

    /// <summary>tanh(W·z + b) or W·z + b with symmetric W, ‖W‖₂ = γ.</summary>
    private static Func<Tensor, Tensor> Contraction(double factor, int n, bool isLinear)
    {
        var random = new Random(7);
        double[] elements = new double[n * n];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = random.NextDouble() - 0.5;
        Tensor square = EquationCases.Matrix(elements);
        Tensor symmetric = square + square.T;
        Tensor norm = Tensor.Max(Tensor.Abs(Tensor.Eigh(symmetric).Values));
        var weights = Tensor.Of((symmetric * (factor / norm)).ToArray(), [n, n]);
        var bias = Tensor.Of([.. Enumerable.Range(0, n).Select(i => Math.Sin(i))]);
        return isLinear ? z => Tensor.MatMul(weights, z) + bias : z => EquationCases.Layer(weights, bias, z);
    }
}
