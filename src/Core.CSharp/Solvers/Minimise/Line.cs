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

    /// <summary>Armijo's rule, up to rounding.</summary>
    public bool Decreases(LinePoint point) =>
        point.Value <= Start.Value + (decrease * point.Step * Start.Slope) + Noise;

    /// <summary>
    /// Armijo's rule for a rule that looks at nothing else: where the values differ by rounding alone, the mean of the slopes stands for their
    /// difference (W. Hager and H. Zhang, SIAM J. Optim. 16 (2005), equation 4.1), so that steps that are too long cannot go on for ever.
    /// </summary>
    public bool Falls(LinePoint point) =>
        Decreases(point)
        && (Math.Abs(point.Value - Start.Value) > Noise || 0.5 * (Start.Slope + point.Slope) <= decrease * Start.Slope);
}

/// <summary>A step along a line, with the objective and its slope there.</summary>
internal sealed record LinePoint(double Step, double Value, double Slope, Iterate Iterate);
