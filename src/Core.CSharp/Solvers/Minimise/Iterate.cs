namespace Implicit.Solvers.Minimise;

/// <summary>A point with the objective and its gradient there.</summary>
internal class Iterate(double[] x, double value, double[] gradient)
{
    public double[] X => x;

    public double Value => value;

    public double[] Gradient => gradient;

    /// <summary>
    /// By how much the objective is less after a step. A difference that is rounding is replaced by the mean of the slopes along the step, which
    /// has no cancellation.
    /// </summary>
    public double Decrease(Iterate next, double[] step, double noise)
    {
        double difference = value - next.Value;
        return Math.Abs(difference) > noise
            ? difference
            : -0.5 * (Numbers.Dot(gradient, step) + Numbers.Dot(next.Gradient, step));
    }

    public bool IsFinite => double.IsFinite(value) && Array.TrueForAll(gradient, double.IsFinite);
}

/// <summary>What is minimised, by its numbers.</summary>
internal interface IObjective
{
    /// <summary>The rounding of the element type that it is computed in, relative to a number.</summary>
    double Rounding { get; }

    /// <summary>Differences of the objective at a value that mean nothing: they are rounding.</summary>
    double Noise(double value);

    /// <summary>The objective and its gradient at a point.</summary>
    Iterate At(double[] x);
}

/// <summary>One step of a method; null when it cannot go on.</summary>
internal interface IDescent
{
    Iterate? Step(IObjective objective, Iterate now);
}
