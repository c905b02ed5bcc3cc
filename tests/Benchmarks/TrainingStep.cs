using Implicit.Transforms;

namespace Implicit.Benchmarks;

/// <summary>A loss of parameters, and how well it and its gradient agree with those of an exact problem.</summary>
internal sealed class TrainingStep(Tensor[] start, Func<Tensor[], Tensor> loss)
{
    private readonly Lazy<(double Loss, double[] Gradient)> once = new(() => Gradient(start, loss));

    /// <summary>How often the vector field is evaluated, and in how many steps.</summary>
    public Func<OdeStatistics>? Statistics { get; init; }

    public double Loss() => loss(start).ToDouble();

    public double LossAndGradient() => Gradient(start, loss).Loss;

    /// <summary>
    /// The evaluations alone, at so many seconds for the vector field and, backward, for its product with a cotangent. A step has six of those, and
    /// the continuous adjoint has as many as the solve, at least.
    /// </summary>
    public double Evaluations(double value, double product, bool backward, bool isContinuous = false)
    {
        OdeStatistics statistics = Statistics!();
        int products = isContinuous ? statistics.Evaluations : 6 * statistics.Accepted;
        return (value * statistics.Evaluations) + (backward ? product * products : 0.0);
    }

    /// <summary>Errors against a step whose own are negligible.</summary>
    public IEnumerable<(string, double)> Facts(TrainingStep exact)
    {
        (double value, double[] gradient) = once.Value;
        (double exactValue, double[] exactGradient) = exact.once.Value;
        if (Statistics != null)
            yield return ("nfe", Statistics().Evaluations);
        yield return ("loss", value);
        yield return ("loss_error", Math.Abs(value - exactValue));
        yield return ("grad_rel_error", Distance(gradient, exactGradient) / Distance(exactGradient, null));
    }

    /// <summary>‖a − b‖₂.</summary>
    public static double Distance(double[] a, double[]? b) =>
        Math.Sqrt(a.Select((x, i) => (x - (b?[i] ?? 0.0)) * (x - (b?[i] ?? 0.0))).Sum());

    private static (double Loss, double[] Gradient) Gradient(Tensor[] start, Func<Tensor[], Tensor> loss)
    {
        (Tensor value, Tensor[] g) = Differentiation.ValueAndGrad<Tensor[], Tensor>(loss, start);
        return (value.ToDouble(), [.. g.SelectMany(leaf => leaf.ToArray())]);
    }
}
