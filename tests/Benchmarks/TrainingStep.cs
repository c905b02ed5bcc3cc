using Implicit.Transforms;

namespace Implicit.Benchmarks;

/// <summary>A loss of parameters, and how well it and its gradient agree with those of an exact problem.</summary>
/// <param name="start">The parameters.</param>
/// <param name="loss">The loss of parameters, whose vector field passes each of its values through the second argument.</param>
internal sealed class TrainingStep(Tensor[] start, Func<Tensor[], Func<Tensor, Tensor>, Tensor> loss)
{
    private readonly Lazy<(double Loss, double[] Gradient)> once = new(() => Gradient(start, loss, Uncounted));
    private readonly Lazy<(int Forward, int Backward)> evaluations = new(() => Count(start, loss));

    public double Loss() => loss(start, Uncounted).ToDouble();

    public double LossAndGradient() => Gradient(start, loss, Uncounted).Loss;

    /// <summary>
    /// The evaluations alone, at so many seconds for the vector field and, on the way back, for its product with a cotangent, which gives the
    /// field's value too where it is needed there.
    /// </summary>
    public double Evaluations(double value, double product, bool backward) =>
        (value * evaluations.Value.Forward) + (backward ? product * evaluations.Value.Backward : 0.0);

    /// <summary>Errors against a step whose own are negligible, and how many evaluations a run has.</summary>
    public IEnumerable<(string, double)> Facts(TrainingStep exact, bool backward)
    {
        (double value, double[] gradient) = once.Value;
        (double exactValue, double[] exactGradient) = exact.once.Value;
        yield return ("nfe", evaluations.Value.Forward);
        if (backward)
            yield return ("nfe_backward", evaluations.Value.Backward);
        yield return ("loss", value);
        yield return ("loss_error", Math.Abs(value - exactValue));
        yield return ("grad_rel_error", Distance(gradient, exactGradient) / Distance(exactGradient, null));
    }

    /// <summary>‖a − b‖₂.</summary>
    public static double Distance(double[] a, double[]? b) =>
        Math.Sqrt(a.Select((x, i) => (x - (b?[i] ?? 0.0)) * (x - (b?[i] ?? 0.0))).Sum());

    private static (double Loss, double[] Gradient) Gradient(
        Tensor[] start,
        Func<Tensor[], Func<Tensor, Tensor>, Tensor> loss,
        Func<Tensor, Tensor> counted
    )
    {
        (Tensor value, Tensor[] g) = Differentiation.ValueAndGrad<Tensor[], Tensor>(p => loss(p, counted), start);
        return (value.ToDouble(), [.. g.SelectMany(leaf => leaf.ToArray())]);
    }

    /// <summary>How often a run evaluates the field to the end, and on the way back its product with a cotangent.</summary>
    private static (int Forward, int Backward) Count(Tensor[] start, Func<Tensor[], Func<Tensor, Tensor>, Tensor> loss)
    {
        var forward = new EvaluationCount();
        _ = loss(start, forward.See).ToDouble();
        var all = new EvaluationCount();
        Gradient(start, loss, all.See);
        return (forward.Values, all.Cotangents);
    }

    private static Tensor Uncounted(Tensor value) => value;
}
