namespace Implicit.Solvers.Ode;

/// <summary>Proposes step sizes from estimated errors (see <see cref="StepControl.Adaptive"/>).</summary>
internal sealed class StepSizer(StepControl.Adaptive control, int errorOrder)
{
    /// <summary>Keeps the factor finite where the estimate is zero.</summary>
    private const double SmallestRatio = 1e-10;

    private readonly double exponent = 1.0 / (errorOrder + 1);
    private double last = 1.0;
    private double beforeLast = 1.0;
    private bool lastWasRejected;

    /// <summary>The most a step grows.</summary>
    public double LargestFactor => control.MaxFactor;

    /// <summary>The factor for the next step after one that met the tolerance.</summary>
    public double Accept(double ratio)
    {
        double factor = Factor(ratio);
        beforeLast = last;
        last = Math.Max(ratio, SmallestRatio);
        // After a rejection the step does not grow at once (Hairer, Nørsett, Wanner I, II.4).
        factor = lastWasRejected ? Math.Min(1.0, factor) : factor;
        lastWasRejected = false;
        return factor;
    }

    /// <summary>The factor for another try; a ratio that is not a number shrinks as much as allowed.</summary>
    public double Reject(double ratio)
    {
        lastWasRejected = true;
        double factor = control.Safety * Math.Pow(ratio, -exponent);
        return double.IsFinite(factor) ? Math.Clamp(factor, control.MinFactor, 1.0) : control.MinFactor;
    }

    private double Factor(double ratio)
    {
        (double p, double i, double d) = (control.Proportional, control.Integral, control.Derivative);
        double factor =
            control.Safety
            * Power(Math.Max(ratio, SmallestRatio), -(p + i + d) * exponent)
            * Power(last, (p + (2.0 * d)) * exponent)
            * Power(beforeLast, -d * exponent);
        return Math.Clamp(factor, control.MinFactor, control.MaxFactor);
    }

    /// <summary>Controllers without memory have powers of zero.</summary>
    private static double Power(double x, double y) => y == 0.0 ? 1.0 : Math.Pow(x, y);
}
