namespace Implicit.Solvers.Minimise;

/// <summary>The objective along a direction.</summary>
internal sealed class Line(IObjective objective, Iterate from, double[] direction, double decrease)
{
    /// <summary>Where the line starts.</summary>
    public LinePoint Start { get; } = new(0.0, from.Value, Numbers.Dot(from.Gradient, direction), null);

    /// <summary>Differences of the objective that mean nothing.</summary>
    public double Rounding { get; } = objective.Noise(from.Value);

    /// <summary>A point of the line; null where the objective is not finite, or the direction does not descend.</summary>
    public LinePoint? At(double step)
    {
        if (!(Start.Slope < 0.0))
            return null;
        Iterate point = objective.At(Numbers.Sum(from.X, step, direction));
        return point.IsFinite ? new(step, point.Value, Numbers.Dot(point.Gradient, direction), point) : null;
    }

    public bool Decreases(LinePoint point) =>
        point.Value <= Start.Value + (decrease * point.Step * Start.Slope) + Rounding;
}

/// <summary>A step along a line, with the objective and its slope there.</summary>
internal sealed record LinePoint(double Step, double Value, double Slope, Iterate? Iterate);
