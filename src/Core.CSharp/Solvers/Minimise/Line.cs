namespace Implicit.Solvers.Minimise;

/// <summary>The objective along the directions of a descent, one after the other.</summary>
internal sealed class Line(Descent descent)
{
    private double[] direction = [];
    private double noise;
    private double doubt;

    /// <summary>Where the line starts.</summary>
    public LinePoint Start { get; private set; }

    /// <summary>The step to try first.</summary>
    public double First { get; private set; }

    /// <summary>Whether the direction descends.</summary>
    public bool Descends => Start.Slope < 0.0;

    /// <summary>Begins a line at the last iterate.</summary>
    public void Begin(double[] along, double first)
    {
        (direction, First) = (along, first);
        (noise, doubt) = (descent.Noise, descent.Doubt);
        Start = new(0.0, descent.Now.Value, Numbers.Dot(descent.Now.Gradient, direction));
    }

    /// <summary>A point to try.</summary>
    public Iterate At(double step)
    {
        Iterate trial = descent.Try();
        Numbers.Sum(trial.X, descent.Now.X, step, direction);
        return trial;
    }

    /// <summary>The point that was tried; null where the objective is not finite.</summary>
    public LinePoint? Tried(double step, Iterate trial) =>
        trial.IsFinite ? new(step, trial.Value, Numbers.Dot(trial.Gradient, direction)) : null;

    /// <summary>Armijo's rule, up to rounding.</summary>
    public bool Decreases(in LinePoint point, double decrease) =>
        IsLess(point, decrease) || SlopesDecrease(point, decrease);

    /// <summary>
    /// Armijo's rule for a rule that looks at nothing else: where the values differ by rounding alone, only the slopes count, so that steps that are too
    /// long cannot go on for ever.
    /// </summary>
    public bool Falls(in LinePoint point, double decrease) =>
        (IsLess(point, decrease) && Math.Abs(point.Value - Start.Value) > noise) || SlopesDecrease(point, decrease);

    /// <summary>Whether the objective is larger at one point than at another, beyond doubt.</summary>
    public bool Rises(in LinePoint from, in LinePoint to) =>
        to.Value - from.Value > (Mean(from, to) * (to.Step - from.Step) > 0.0 ? noise : doubt);

    private bool IsLess(in LinePoint point, double decrease) =>
        point.Value <= Start.Value + (decrease * point.Step * Start.Slope) + noise;

    /// <summary>
    /// Armijo's rule with the mean of the slopes for the difference of the values, where that is in doubt: W. Hager and H. Zhang, SIAM J. Optim. 16 (2005),
    /// equation 4.1.
    /// </summary>
    private bool SlopesDecrease(in LinePoint point, double decrease) =>
        Math.Abs(point.Value - Start.Value) <= doubt && Mean(Start, point) <= decrease * Start.Slope;

    private static double Mean(in LinePoint a, in LinePoint b) => 0.5 * (a.Slope + b.Slope);
}

/// <summary>A step along a line, with the objective and its slope there.</summary>
internal readonly record struct LinePoint(double Step, double Value, double Slope);
