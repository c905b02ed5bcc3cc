namespace Implicit.Solvers.Minimise;

/// <summary>A point with the objective and its gradient there.</summary>
/// <param name="X">The point.</param>
/// <param name="Value">The objective.</param>
/// <param name="Gradient">Its gradient.</param>
/// <param name="Parts">What else the problem computes there.</param>
/// <param name="Measure">How far the point is from a minimum, and what is allowed.</param>
internal sealed record Iterate(double[] X, double Value, double[] Gradient, double[][] Parts, Measure Measure)
{
    public bool IsFinite => double.IsFinite(Value) && Array.TrueForAll(Gradient, double.IsFinite);

    /// <summary>A point where the objective cannot be computed.</summary>
    public static Iterate Unknown(double[] x) => new(x, double.NaN, [double.NaN], [], new Measure(double.NaN, 0.0));

    /// <summary>
    /// By how much the objective is less after a step. A difference that may be rounding is replaced by the mean of the slopes along the step, which
    /// has no cancellation.
    /// </summary>
    public double Decrease(Iterate next, double[] step, double doubt)
    {
        double difference = Value - next.Value;
        return Math.Abs(difference) > doubt
            ? difference
            : -0.5 * (Numbers.Dot(Gradient, step) + Numbers.Dot(next.Gradient, step));
    }
}
