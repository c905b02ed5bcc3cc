namespace Implicit.Solvers.Minimise;

/// <summary>The objective along a direction.</summary>
internal sealed class Line(Descent descent, double[] direction, double decrease)
{
    /// <summary>Where the line starts.</summary>
    public LinePoint Start { get; } =
        new(0.0, descent.Now.Value, Numbers.Dot(descent.Now.Gradient, direction), descent.Now);

    /// <summary>Differences of the objective that mean nothing.</summary>
    public double Noise { get; } = descent.Noise;

    /// <summary>Whether the direction descends.</summary>
    public bool Descends => Start.Slope < 0.0;

    /// <summary>The place of a point.</summary>
    public double[] Place(double step) => Numbers.Sum(Start.Iterate.X, step, direction);

    /// <summary>The point that was tried last; null where the objective is not finite.</summary>
    public LinePoint? Tried(double step)
    {
        Iterate trial = descent.Trial;
        return trial.IsFinite ? new(step, trial.Value, Numbers.Dot(trial.Gradient, direction), trial) : null;
    }

    public bool Decreases(LinePoint point) =>
        point.Value <= Start.Value + (decrease * point.Step * Start.Slope) + Noise;
}

/// <summary>A step along a line, with the objective and its slope there.</summary>
internal sealed record LinePoint(double Step, double Value, double Slope, Iterate Iterate);
