namespace Implicit.Benchmarks;

/// <summary>b. Training steps of neural ODEs, float32; errors against float64 at rtol 1e-11.</summary>
internal static class NeuralOde
{
    private static readonly Tensor Grid = Tensor.Linspace(0.0, 25.0, 1000);
    private static readonly OdeOptions Exact = new() { RelativeTolerance = 1e-11, AbsoluteTolerance = 1e-13 };

    public static IEnumerable<Case> All =>
        [
            .. Cases("b.node-demo", Demo, 1e-7, 1e-9),
            .. Cases("b.node-demo", Demo, 1e-5, 1e-7),
            .. Cases("b.node-wide", (dtype, options) => Wide(dtype, options, 225.0 / 999.0), 1e-7, 1e-9),
            .. Cases("b.node-wide", (dtype, options) => Wide(dtype, options, 1.0), 1e-5, 1e-5),
        ];

    /// <summary>64-64-64 with tanh on 256 states, from 0 to a time; the loss is mean y² at ten times.</summary>
    public static TrainingStep Wide(DType dtype, OdeOptions options, double end)
    {
        (Tensor[] start, Tensor y0) = WideStart(dtype);
        Tensor times = Tensor.Linspace(0.0, end, 10, dtype);
        return new TrainingStep(
            start,
            (p, seen) => MeanSquare(Ode.Integrate((t, y) => seen(Network.Apply(p, y)), times, y0, options))
        );
    }

    /// <summary>Parameters and first states of the wide network.</summary>
    public static (Tensor[] Layers, Tensor States) WideStart(DType dtype) =>
        (
            Network.Layers([64, 64, 64], [0.125, 0.125], [10, 20], [11, 21], dtype),
            Uniform.Of([256, 64], 3, -1.0, 1.0, dtype)
        );

    private static Tensor MeanSquare(Tensor y) => Tensor.Mean(y * y);

    /// <summary>The spiral: W₂·tanh(W₁·y³ + b₁) + b₂ on 20 pieces of a trajectory, ten consecutive times each.</summary>
    private static TrainingStep Demo(DType dtype, OdeOptions options)
    {
        (Tensor[] start, Tensor targets) = DemoStart(dtype);
        Tensor y0 = targets[0];
        Tensor times = Tensor.Cast(Grid[..10], dtype);
        return new TrainingStep(
            start,
            (p, seen) =>
                Tensor.Mean(
                    Tensor.Abs(
                        Ode.Integrate((t, y) => seen(Network.Apply(p, Tensor.Pow(y, 3.0))), times, y0, options)
                            - targets
                    )
                )
        );
    }

    /// <summary>Parameters of the spiral's network, and the pieces, which begin with the first states.</summary>
    public static (Tensor[] Layers, Tensor Targets) DemoStart(DType dtype)
    {
        double bound = 0.1 * Math.Sqrt(3.0);
        Tensor[] layers = Network.Layers([2, 50, 2], [bound, bound], [10, 20], [11, 21], dtype);
        (layers[1], layers[3]) = (Tensor.Of(new double[50], [50], dtype), Tensor.Of(new double[2], [2], dtype));
        return (layers, Pieces(Spiral(Grid), dtype));
    }

    private static IEnumerable<Case> Cases(
        string name,
        Func<DType, OdeOptions, TrainingStep> problem,
        double rtol,
        double atol
    )
    {
        var exact = new Lazy<TrainingStep>(() => problem(DType.Float64, Exact));
        return from adjoint in (Adjoint[])[new Adjoint.Checkpointed(), new Adjoint.Direct(), new Adjoint.Backsolve()]
            from backward in (bool[])[false, true]
            where backward || adjoint is Adjoint.Checkpointed
            where name == "b.node-wide" || adjoint is not Adjoint.Direct
            select Step(name, problem, exact, rtol, atol, adjoint, backward);
    }

    private static Case Step(
        string name,
        Func<DType, OdeOptions, TrainingStep> problem,
        Lazy<TrainingStep> exact,
        double rtol,
        double atol,
        Adjoint adjoint,
        bool backward
    )
    {
        var options = new OdeOptions
        {
            RelativeTolerance = rtol,
            AbsoluteTolerance = atol,
            Adjoint = adjoint,
        };
        var step = new Lazy<TrainingStep>(() => problem(DType.Float32, options));
        return new Case(
            $"{name} {(backward ? "forward+backward" : "forward")}",
            $"rtol {rtol:G1} atol {atol:G1}",
            $"dopri5 {NameOf(adjoint)}",
            backward ? () => step.Value.LossAndGradient() : () => step.Value.Loss(),
            _ =>
                step.Value.Facts(exact.Value, backward)
                    .Concat(
                        name == "b.node-demo"
                            ? DemoFloor(step.Value, backward)
                            : WideFloor(step.Value, backward, adjoint is Adjoint.Backsolve)
                    )
        );
    }

    /// <summary>What a table calls a way to differentiate; the first is the default.</summary>
    public static string NameOf(Adjoint adjoint) =>
        adjoint switch
        {
            Adjoint.Checkpointed => "through the solver",
            Adjoint.Direct => "through the solver, direct",
            _ => "continuous adjoint",
        };

    /// <summary>
    /// In fused vector code written by hand: 0.40 µs for the vector field and 0.52 µs for its product with a cotangent, as once measured on a faster
    /// core, and beside it what the same code takes here.
    /// </summary>
    private static IEnumerable<(string, double)> DemoFloor(TrainingStep step, bool backward)
    {
        (double value, double product) = FusedFields.ByHand.Value;
        yield return (Measurement.Floor, step.Evaluations(0.40e-6, 0.52e-6, backward));
        yield return ("floor_here_s", step.Evaluations(value, product, backward));
    }

    /// <summary>
    /// Products of 256×64×64 at the peak: two for the vector field, and four for the cotangents of its state and weights. The continuous adjoint
    /// evaluates the field once more.
    /// </summary>
    public static IEnumerable<(string, double)> WideFloor(TrainingStep step, bool backward, bool isContinuous)
    {
        double one = 2.0 * 256 * 64 * 64 / Peak.Flops(DType.Float32);
        yield return (Measurement.Floor, step.Evaluations(2 * one, (isContinuous ? 6 : 4) * one, backward));
    }

    /// <summary>Rows 0, 49, 98, … of a trajectory and the nine after each, as [10, 20, 2].</summary>
    private static Tensor Pieces(double[] trajectory, DType dtype) =>
        Tensor.Of(
            [
                .. from step in Enumerable.Range(0, 10)
                from start in Enumerable.Range(0, 20)
                from axis in (int[])[0, 1]
                select trajectory[(2 * ((49 * start) + step)) + axis],
            ],
            [10, 20, 2],
            dtype
        );

    /// <summary>The trajectory itself, not one solver's picture of it: other libraries' targets must be the same numbers.</summary>
    private static double[] Spiral(Tensor grid)
    {
        Tensor a = Tensor.Of(
            new double[,]
            {
                { -0.1, 2.0 },
                { -2.0, -0.1 },
            }
        );
        return Ode.Integrate((t, y) => Tensor.MatMul(Tensor.Pow(y, 3.0), a), grid, Tensor.Of(2.0, 0.0), Exact)
            .ToArray();
    }
}
