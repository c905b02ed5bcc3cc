using Implicit.Transforms;

namespace Implicit.Benchmarks;

/// <summary>c. A continuous normalising flow in two dimensions whose trace is exact, float32; errors against float64 at rtol 1e-11.</summary>
internal static class Flow
{
    public static IEnumerable<Case> All
    {
        get
        {
            var exact = new Lazy<TrainingStep>(() => Problem(DType.Float64, 1e-11, 1e-13, new Adjoint.Checkpointed()));
            foreach (Adjoint adjoint in (Adjoint[])[new Adjoint.Checkpointed(), new Adjoint.Direct()])
            {
                var step = new Lazy<TrainingStep>(() => Problem(DType.Float32, 1e-5, 1e-5, adjoint));
                if (adjoint is Adjoint.Checkpointed)
                    yield return Step("c.cnf forward", "dopri5", step, exact, backward: false);
                yield return Step("c.cnf forward+backward", $"dopri5 {NeuralOde.NameOf(adjoint)}", step, exact, true);
            }
        }
    }

    private static Case Step(
        string name,
        string method,
        Lazy<TrainingStep> step,
        Lazy<TrainingStep> exact,
        bool backward
    ) =>
        new(
            name,
            "512x2",
            method,
            backward ? () => step.Value.LossAndGradient() : () => step.Value.Loss(),
            _ => [.. step.Value.Facts(exact.Value, backward), Floor(step.Value, backward)]
        );

    /// <summary>
    /// Products of 512×64×64 at the peak: two for the velocity, two for each of the reverse products, and backward twice as many as these six for the
    /// cotangents of their factors. The narrow layers are not counted.
    /// </summary>
    private static (string, double) Floor(TrainingStep step, bool backward)
    {
        double one = 2.0 * 512 * 64 * 64 / Peak.Flops(DType.Float32);
        return (Measurement.Floor, step.Evaluations(6 * one, 12 * one, backward));
    }

    /// <summary>−mean(log N(z₁; 0, I) − Δlogp), where Δlogp′ = −tr ∂f/∂z.</summary>
    private static TrainingStep Problem(DType dtype, double rtol, double atol, Adjoint adjoint)
    {
        (Tensor[] start, Tensor z0) = Start(dtype);
        Tensor zero = Tensor.Of(new double[512], [512], dtype);
        Tensor times = Tensor.Of([0.0, 1.0], [2], dtype);
        var options = new OdeOptions
        {
            RelativeTolerance = rtol,
            AbsoluteTolerance = atol,
            Adjoint = adjoint,
        };
        return new TrainingStep(
            start,
            (p, seen) =>
            {
                (Tensor z, Tensor change) = Ode.Integrate(
                    (t, state) => Field(p, t, state.Item1, seen),
                    times,
                    (z0, zero),
                    options
                );
                Tensor logNormal = (-0.5 * Tensor.Sum(z[1] * z[1], 1)) - Math.Log(2.0 * Math.PI);
                return -Tensor.Mean(logNormal - change[1]);
            }
        );
    }

    /// <summary>The network's parameters and the first points.</summary>
    public static (Tensor[] Layers, Tensor Points) Start(DType dtype)
    {
        double[] bounds = [1.0 / Math.Sqrt(3.0), 0.125, 0.125, 0.125];
        return (
            Network.Layers([3, 64, 64, 64, 2], bounds, [10, 20, 30, 40], [11, 21, 31, 41], dtype),
            Uniform.Of([512, 2], 3, -2.0, 2.0, dtype)
        );
    }

    /// <summary>The velocity, and minus its divergence by two reverse products.</summary>
    public static (Tensor Velocity, Tensor Change) Field(Tensor[] p, Tensor t, Tensor z, Func<Tensor, Tensor> seen)
    {
        DType dtype = z.DType;
        Tensor time = Tensor.Of(new double[512], [512, 1], dtype) + t;
        (Tensor velocity, Func<Tensor, Tensor> pullback) = Differentiation.Vjp<Tensor, Tensor>(
            x => Network.Apply(p, Tensor.Concat([x, time], 1)),
            z
        );
        Tensor first = Tensor.Of([1.0, 0.0], [1, 2], dtype) + Tensor.Of(new double[1024], [512, 2], dtype);
        Tensor second = Tensor.Of([0.0, 1.0], [1, 2], dtype) + Tensor.Of(new double[1024], [512, 2], dtype);
        Tensor divergence = Tensor.Index(pullback(first), 1, 0) + Tensor.Index(pullback(second), 1, 1);
        return (seen(velocity), -divergence);
    }
}
