using Implicit.Runtime;
using Implicit.Transforms;

namespace Implicit.Benchmarks;

/// <summary>
/// d. A deep equilibrium layer z = tanh(zWᵀ + xUᵀ + b) on a batch of 128, each item to its own residual; errors against float64 at 1e-13. What is
/// timed ends with the solution, or the gradients, computed as tensors of their own type. The floor is the products that this needs, at the peak:
/// xUᵀ once and with W for each evaluation; backward with Wᵀ for each step, and those of the gradients.
/// </summary>
internal static class Equilibrium
{
    private const int Batch = 128;

    /// <summary>zWᵀ where the field is linearised, and the cotangents of W, U and x.</summary>
    private const int ProductsOfGradients = 4;

    public static readonly int[] Sizes = [64, 512];

    private const double Tolerance = 1e-6;

    /// <summary>
    /// What the linear solve of the hard layer's gradient reaches at n = 512: float32 cannot give 1e-6 there. Rounding stops some of the 128 items
    /// at 1.05 to 1.11 times that, and a gradient that has not converged is an error.
    /// </summary>
    private const double WithinRounding = 2e-6;

    public static IEnumerable<Case> All =>
        [
            .. from n in Sizes
            from dtype in (DType[])[DType.Float32, DType.Float64]
            from method in Methods
            from backward in (bool[])[false, true]
            select Of("d.deq", n, dtype, method, backward, new Lazy<Layer>(() => new Layer(n, isHard: false))),
            .. from n in Sizes
            from method in Methods
            from backward in (bool[])[false, true]
            select Of(
                "d.deq-hard",
                n,
                DType.Float32,
                method,
                backward,
                new Lazy<Layer>(() => new Layer(n, isHard: true))
            ),
        ];

    private static EquationMethod[] Methods =>
        [new Anderson(5), new Anderson(5, Period: 2), new Picard(), new Broyden()];

    private static string Name(EquationMethod method) =>
        method is Anderson { Period: > 1 and var period }
            ? $"anderson, period {period}"
            : method.GetType().Name.ToLowerInvariant();

    private static Case Of(string name, int n, DType dtype, EquationMethod method, bool backward, Lazy<Layer> layer)
    {
        double backwardTolerance = backward && name == "d.deq-hard" && n == 512 ? WithinRounding : Tolerance;
        var options = new EquationOptions
        {
            Method = method,
            RelativeTolerance = Tolerance,
            AbsoluteTolerance = 0.0,
            MaxSteps = 5000,
            // What each of these methods has, at the tolerance of the case.
            Derivative = new ImplicitDerivative.Exact(
                new LinearSolver.Gmres { RelativeTolerance = backwardTolerance, Richardson = -1.0 }
            ),
        };
        var data = new Lazy<Tensor[]>(() => layer.Value.As(dtype));
        return new Case(
            $"{name} {(backward ? "forward+backward" : "forward")}",
            $"n {n} {dtype}" + (backwardTolerance == Tolerance ? "" : $", backward at {backwardTolerance:G1}"),
            Name(method),
            backward
                ? () => Reading.Force(layer.Value.Gradients(data.Value, options))
                : () => Reading.Force(Layer.Solve(data.Value, options)),
            _ => Facts(layer.Value, data.Value, options, backward)
        );
    }

    private static IEnumerable<(string, double)> Facts(
        Layer layer,
        Tensor[] data,
        EquationOptions options,
        bool backward
    )
    {
        double evaluations = Layer.Steps(data, options) + 1;
        yield return ("nfe", evaluations);
        yield return ("rel_error", Relative(Layer.Solve(data, options).ToArray(), layer.Exact));
        double products = evaluations + 1;
        if (backward)
        {
            int steps = layer.BackwardSteps(data, options);
            products += steps + ProductsOfGradients;
            yield return ("backward_iterations", steps);
            yield return ("grad_rel_error", Relative(Numbers(layer.Gradients(data, options)), layer.ExactGradients));
        }
        int n = data[0].Shape[0];
        yield return (Measurement.Floor, products * 2.0 * Batch * n * n / Peak.Flops(data[0].DType));
    }

    private static double[] Numbers(Tensor[] tensors) => [.. tensors.SelectMany(one => one.ToArray())];

    private static double Relative(double[] value, double[] exact) =>
        TrainingStep.Distance(value, exact) / TrainingStep.Distance(exact, null);

    public sealed class Layer
    {
        private static readonly EquationOptions Tight = new()
        {
            RelativeTolerance = 1e-13,
            AbsoluteTolerance = 0.0,
            MaxSteps = 5000,
            Derivative = new ImplicitDerivative.Exact(new LinearSolver.Direct()),
        };

        private readonly Tensor[] data;
        private readonly Lazy<double[]> exact;
        private readonly Lazy<double[]> exactGradients;

        public Layer(int n, bool isHard)
        {
            Tensor m = Uniform.Of([n, n], 1, -1.0, 1.0);
            m = isHard ? 0.5 * (m + m.T) : m;
            double largest = Math.Sqrt(Tensor.Eigh(Tensor.MatMul(m.T, m)).Values.ToArray()[^1]);
            double less = isHard ? 0.1 : 1.0;
            data =
            [
                m * ((isHard ? 0.97 : 0.9) / largest),
                Uniform.Of([n, n], 2, -1.0, 1.0) * (less / Math.Sqrt(n)),
                Uniform.Of([n], 3, -0.1, 0.1) * less,
                Uniform.Of([Batch, n], 4, -1.0, 1.0),
            ];
            Weights = Uniform.Of([Batch, n], 5, -1.0, 1.0) / Batch;
            exact = new(() => Solve(data, Tight).ToArray());
            exactGradients = new(() => Numbers(Gradients(data, Tight)));
        }

        public double[] Exact => exact.Value;

        public double[] ExactGradients => exactGradients.Value;

        /// <summary>The cotangent of z.</summary>
        public Tensor Weights { get; }

        /// <summary>W, U, b and x of a type.</summary>
        public Tensor[] As(DType dtype) => [.. data.Select(one => Tensor.Cast(one, dtype))];

        public static Tensor Solve(Tensor[] data, EquationOptions options)
        {
            Tensor start = Tensor.Of(new double[data[2].Length], data[2].Shape, data[2].DType);
            return Vectorisation.Vmap(x => FixedPoint.Find(z => Map(data, x, z), start, options), data[3]);
        }

        public static int Steps(Tensor[] data, EquationOptions options) =>
            FixedPoint
                .SolveEach(
                    (Tensor x, Tensor z) => Map(data, x, z),
                    data[3],
                    Tensor.Of(new double[data[3].Length], data[3].Shape, data[3].DType),
                    options
                )
                .Steps;

        /// <summary>∂(Σ v∘z)/∂(W, U, b, x).</summary>
        public Tensor[] Gradients(Tensor[] at, EquationOptions options)
        {
            Tensor v = Tensor.Cast(Weights, at[0].DType);
            return Differentiation.ValueAndGrad<Tensor[], Tensor>(d => Tensor.Sum(v * Solve(d, options)), at).Gradient;
        }

        /// <summary>The steps of the backward solve, in which all items share products, so those of the slowest item.</summary>
        public int BackwardSteps(Tensor[] at, EquationOptions options)
        {
            Tensor v = Tensor.Cast(Weights, at[0].DType);
            Tensor start = Tensor.Of(new double[at[2].Length], at[2].Shape, at[2].DType);
            Tensor certificates = Tensor.Of(new double[Batch * 4], [Batch, 4], at[0].DType);
            Tensor reports = Differentiation.Grad(
                (Tensor all) =>
                    Tensor.Sum(
                        v
                            * Vectorisation.Vmap(
                                one =>
                                    FixedPoint.Find(z => Map(at, one.X, z), start, options.Certified(one.Certificate)),
                                (X: at[3], Certificate: all)
                            )
                    ),
                certificates
            );
            return Enumerable.Range(0, Batch).Max(item => LinearReport.Read(reports[item]).Iterations);
        }

        private static Tensor Map(Tensor[] data, Tensor x, Tensor z) =>
            Tensor.Tanh(Tensor.MatMul(z, data[0].T) + Tensor.MatMul(x, data[1].T) + data[2]);
    }
}
