namespace Implicit.Solvers.Minimise;

/// <summary>The objective along a direction.</summary>
internal sealed class Line(Descent descent, double[] direction, double decrease)
{
    private readonly double noise = descent.Noise;
    private readonly double doubt = descent.Doubt;

    /// <summary>Where the line starts.</summary>
    public LinePoint Start { get; } =
        new(0.0, descent.Now.Value, Numbers.Dot(descent.Now.Gradient, direction), descent.Now);

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
    public bool Decreases(LinePoint point) => IsLess(point) || SlopesDecrease(point);

    /// <summary>
    /// Armijo's rule for a rule that looks at nothing else: where the values differ by rounding alone, only the slopes count, so that steps that are too
    /// long cannot go on for ever.
    /// </summary>
    public bool Falls(LinePoint point) =>
        (IsLess(point) && Math.Abs(point.Value - Start.Value) > noise) || SlopesDecrease(point);

    /// <summary>Whether the objective is larger at one point than at another, beyond doubt.</summary>
    public bool Rises(LinePoint from, LinePoint to) =>
        to.Value - from.Value > (Mean(from, to) * (to.Step - from.Step) > 0.0 ? noise : doubt);

    private bool IsLess(LinePoint point) => point.Value <= Start.Value + (decrease * point.Step * Start.Slope) + noise;

    /// <summary>
    /// Armijo's rule with the mean of the slopes for the difference of the values, where that is in doubt: W. Hager and H. Zhang, SIAM J. Optim. 16 (2005),
    /// equation 4.1.
    /// </summary>
    private bool SlopesDecrease(LinePoint point) =>
        Math.Abs(point.Value - Start.Value) <= doubt && Mean(Start, point) <= decrease * Start.Slope;

    private static double Mean(LinePoint a, LinePoint b) => 0.5 * (a.Slope + b.Slope);
}

/// <summary>A step along a line, with the objective and its slope there.</summary>
internal sealed record LinePoint(double Step, double Value, double Slope, Iterate Iterate);
