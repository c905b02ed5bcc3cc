namespace Implicit.Solvers.Minimise;

/// <summary>A point with the objective and its gradient there, in memory that is used again (<see cref="Descent.Try"/>).</summary>
/// <param name="n">The length of the point.</param>
/// <param name="parts">The lengths of what else the problem computes at a point.</param>
internal sealed class Iterate(int n, ReadOnlySpan<int> parts)
{
    /// <summary>The point.</summary>
    public double[] X { get; } = new double[n];

    /// <summary>The objective; NaN where it cannot be computed, and nothing else is known.</summary>
    public double Value { get; set; } = double.NaN;

    /// <summary>Its gradient.</summary>
    public double[] Gradient { get; } = new double[n];

    /// <summary>What else the problem computes.</summary>
    public double[][] Parts { get; } = Array.ConvertAll(parts.ToArray(), length => new double[length]);

    /// <summary>How far the point is from a minimum, and what is allowed.</summary>
    public Measure Measure { get; set; }

    public bool IsFinite => double.IsFinite(Value) && Array.TrueForAll(Gradient, double.IsFinite);

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
