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
        foreach ((int memory, int period) in new[] { (1, 1), (5, 1), (10, 1), (1, 2), (5, 2), (10, 2), (10, 3) })
        {
            IReadOnlyList<double> accelerated = Trace(new Anderson(memory, Period: period));
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

    /// <summary>
    /// On an affine map z ← Az + b what a step combines, from all that came before, is the iterate of GMRES after as many evaluations, whichever steps were
    /// plain (H. Walker and P. Ni, SIAM J. Numer. Anal. 49 (2011), theorem 2.2): its residual is the least over the Krylov space, and A makes of it
    /// that of the next iterate. A plain step multiplies by A alone.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_combined_is_the_iterate_of_Gmres(int period)
    {
        const int memory = 12;
        double[] rates = [.. Enumerable.Range(0, 40).Select(i => (0.95 * Math.Cos(1.3 * i)) - 0.4)];
        Tensor a = Tensor.Of(rates);
        Solution<Tensor> solution = FixedPoint.Solve(
            z => (a * z) + 1.0,
            Tensor.Zeros([rates.Length]),
            new EquationOptions
            {
                Method = new Anderson(memory, Period: period),
                RelativeTolerance = 0.0,
                AbsoluteTolerance = 0.0,
                MaxSteps = memory + 1,
            }
        );
        double[][] least = LeastResiduals(rates, memory);
        for (int step = 0; step <= memory; step++)
        {
            bool isCombined = (step + 1) % period == 0;
            if (isCombined)
                Close.Elementwise(
                    [Norm(least[step].Zip(rates, (r, rate) => rate * r))],
                    [solution.Trace[step + 1]],
                    1e-6
                );
            else if (step % period == 0 && step > 0)
                Close.Elementwise(
                    [Norm(least[step - 1].Zip(rates, (r, rate) => rate * rate * r))],
                    [solution.Trace[step + 1]],
                    1e-6
                );
        }
    }

    /// <summary>With room for all n differences the first step that combines n of them ends at the fixed point of an affine map.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_affine_map_is_solved_once_every_direction_was_seen(int period)
    {
        for (int n = 1; n <= 6; n++)
        {
            Tensor rates = Tensor.Of([.. Enumerable.Range(0, n).Select(i => 3.0 * Math.Cos(2.0 + i))]);
            Solution<Tensor> solution = FixedPoint.Solve(
                z => (rates * z) + 1.0,
                Tensor.Zeros([n]),
                new EquationOptions { Method = new Anderson(n + period, Period: period), RelativeTolerance = 1e-9 }
            );
            Assert.True(solution.IsSuccess, solution.Message);
            // Steps are counted from 1, and the n differences are there at the (n + 1)th.
            int expected = (n + period) / period * period;
            Assert.InRange(solution.Steps, n + 1, expected);
        }
    }

    /// <summary>
    /// Jacobi's iteration for −u″ = λ·exp(u) (G. Bratu, 1914), u = 0 at both ends, at n points: plain steps in between take off evaluations, as they
    /// do in P. Pratapa, P. Suryanarayana, J. Pask, J. Comput. Phys. 306 (2016) 43, for the Poisson and Helmholtz equations.
    /// </summary>
    [Theory]
    [InlineData(16, 0.5)]
    [InlineData(16, 3.0)]
    [InlineData(32, 0.5)]
    [InlineData(32, 3.0)]
    public void Plain_steps_between_take_off_evaluations(int n, double strength)
    {
        int every = Steps(1);
        int second = Steps(2);
        Assert.True(second <= 0.75 * every, $"{every} steps, and {second} of which every second combines");

        int Steps(int period)
        {
            Solution<Tensor> solution = FixedPoint.Solve(
                Jacobi,
                Tensor.Zeros([n]),
                new EquationOptions { Method = new Anderson(Period: period), MaxSteps = 2000 }
            );
            Assert.True(solution.IsSuccess, solution.Message);
            return solution.Steps;
        }

        Tensor Jacobi(Tensor u)
        {
            Tensor padded = Tensor.Pad(u, [1], [1]);
            double square = 1.0 / ((n + 1.0) * (n + 1.0));
            return 0.5 * (padded[..^2] + padded[2..] + (strength * square * Tensor.Exp(u)));
        }
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

    /// <summary>The least residuals b − (I − A)z of z = 0 + K_k(A, b), with diagonal A and b = 1, for k from 0.</summary>
    private static double[][] LeastResiduals(double[] rates, int last)
    {
        double[] residual = [.. rates.Select(_ => 1.0)];
        double[] direction = [.. rates.Select(rate => 1.0 - rate)];
        var least = new List<double[]> { residual };
        var basis = new List<double[]>();
        for (int k = 1; k <= last; k++)
        {
            // Once leaves rounding of what is taken off.
            foreach (double[] q in (double[][])[.. basis, .. basis])
                direction = Without(direction, q);
            double norm = Norm(direction);
            basis.Add([.. direction.Select(v => v / norm)]);
            residual = Without(residual, basis[^1]);
            least.Add(residual);
            direction = [.. basis[^1].Zip(rates, (v, rate) => rate * v)];
        }
        return [.. least];

        static double[] Without(double[] v, double[] q)
        {
            double along = v.Zip(q, (a, b) => a * b).Sum();
            return [.. v.Zip(q, (a, b) => a - (along * b))];
        }
    }

    private static double Norm(IEnumerable<double> v) => Math.Sqrt(v.Sum(e => e * e));

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
