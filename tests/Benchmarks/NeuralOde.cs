using Implicit.Transforms;

namespace Implicit.Benchmarks;

/// <summary>b. One training step of the spiral's neural ODE, float32; errors against float64 at rtol 1e-11.</summary>
internal static class NeuralOde
{
    public static IEnumerable<Case> All =>
        from tolerances in ((double, double)[])[(1e-7, 1e-9), (1e-5, 1e-7)]
        from adjoint in (Adjoint[])[new Adjoint.Checkpointed(), new Adjoint.Backsolve()]
        from backward in (bool[])[false, true]
        where backward || adjoint is Adjoint.Checkpointed
        select Step(tolerances.Item1, tolerances.Item2, adjoint, backward);

    private static Case Step(double rtol, double atol, Adjoint adjoint, bool backward)
    {
        var problem = new Problem(DType.Float32, rtol, atol, adjoint);
        var exact = new Problem(DType.Float64, 1e-11, 1e-13, new Adjoint.Checkpointed());
        return new Case(
            $"b.node-demo {(backward ? "forward+backward" : "forward")}",
            $"rtol {rtol:G1} atol {atol:G1}",
            $"dopri5 {(adjoint is Adjoint.Backsolve ? "continuous adjoint" : "through the solver")}",
            backward ? () => problem.Gradient() : () => problem.Loss(problem.Start).ToDouble(),
            _ => Facts(problem, exact)
        );
    }

    private static IEnumerable<(string, double)> Facts(Problem problem, Problem exact)
    {
        (double loss, double[] gradient) = problem.Gradient();
        (double exactLoss, double[] exactGradient) = exact.Gradient();
        yield return ("loss", loss);
        yield return ("loss_error", Math.Abs(loss - exactLoss));
        double distance = Math.Sqrt(gradient.Zip(exactGradient, (a, b) => (a - b) * (a - b)).Sum());
        yield return ("grad_rel_error", distance / Math.Sqrt(exactGradient.Sum(g => g * g)));
    }

    private sealed record Parameters(Tensor W1, Tensor B1, Tensor W2, Tensor B2);

    private sealed class Problem
    {
        private readonly OdeOptions options;
        private readonly Tensor targets;
        private readonly Tensor y0;
        private readonly Tensor times;

        public Problem(DType dtype, double rtol, double atol, Adjoint adjoint)
        {
            options = new OdeOptions
            {
                RelativeTolerance = rtol,
                AbsoluteTolerance = atol,
                Adjoint = adjoint,
            };
            double bound = 0.1 * Math.Sqrt(3.0);
            Start = new Parameters(
                Uniform.Of([50, 2], 10, -bound, bound, dtype),
                Tensor.Of(new double[50], [50], dtype),
                Uniform.Of([2, 50], 20, -bound, bound, dtype),
                Tensor.Of(new double[2], [2], dtype)
            );
            Tensor grid = Tensor.Linspace(0.0, 25.0, 1000);
            double[] spiral = Spiral(grid);
            int[] starts = [.. Enumerable.Range(0, 20).Select(i => 49 * i)];
            targets = Tensor.Of(
                [
                    .. from step in Enumerable.Range(0, 10)
                    from start in starts
                    from axis in (int[])[0, 1]
                    select spiral[(2 * (start + step)) + axis],
                ],
                [10, 20, 2],
                dtype
            );
            y0 = targets[0];
            times = Tensor.Cast(grid[..10], dtype);
        }

        public Parameters Start { get; }

        public Tensor Loss(Parameters p)
        {
            Tensor solved = Ode.Integrate(
                (t, y) => Tensor.MatMul(Tensor.Tanh(Tensor.MatMul(Tensor.Pow(y, 3.0), p.W1.T) + p.B1), p.W2.T) + p.B2,
                times,
                y0,
                options
            );
            return Tensor.Mean(Tensor.Abs(solved - targets));
        }

        public (double Loss, double[] Gradient) Gradient()
        {
            (Tensor value, Parameters g) = Differentiation.ValueAndGrad<Parameters, Tensor>(Loss, Start);
            return (value.ToDouble(), [.. Tree.Leaves(g).SelectMany(leaf => leaf.ToArray())]);
        }

        private static double[] Spiral(Tensor grid)
        {
            Tensor a = Tensor.Of(
                new double[,]
                {
                    { -0.1, 2.0 },
                    { -2.0, -0.1 },
                }
            );
            return Ode.Integrate((t, y) => Tensor.MatMul(Tensor.Pow(y, 3.0), a), grid, Tensor.Of(2.0, 0.0)).ToArray();
        }
    }
}
