namespace Implicit;

/// <summary>How the sizes of steps are chosen. A closed set of policies.</summary>
public abstract record StepControl
{
    private protected StepControl() { }

    /// <summary>
    /// Adaptive (<see cref="I"/>) for methods of order 3 and more with an error estimate; one step per interval between output times for the
    /// others.
    /// </summary>
    public static StepControl Automatic { get; } = new AutomaticControl();

    /// <summary>Elementary control: the next step from the last error alone.</summary>
    public static StepControl I { get; } = new Adaptive(0.0, 1.0, 0.0);

    /// <summary>Proportional–integral control, smoother where stability limits the step (Gustafsson 1991; Hairer, Wanner II, IV.2).</summary>
    public static StepControl PI { get; } = new Adaptive(0.4, 0.3, 0.0);

    /// <summary>Proportional–integral–derivative control with the coefficients of the digital filter H312 (Söderlind 2003).</summary>
    public static StepControl PID { get; } = new Adaptive(1.0 / 18.0, 1.0 / 9.0, 1.0 / 18.0);

    /// <summary>
    /// Equal steps: each interval between output times is divided evenly into steps no longer than <paramref name="Size"/>.
    /// </summary>
    /// <param name="Size">The largest step, in units of time; positive.</param>
    public sealed record Fixed(double Size) : StepControl;

    /// <summary>
    /// Steps by the estimated error e (1 is the tolerance): h is multiplied by safety·eₙ^(−(i+p+d)/k)·eₙ₋₁^((p+2d)/k)·eₙ₋₂^(−d/k), within limits,
    /// where k is the order of the estimate plus 1 (Söderlind, Digital filters in adaptive time-stepping, ACM TOMS 29, 2003).
    /// </summary>
    /// <param name="Proportional">p.</param>
    /// <param name="Integral">i.</param>
    /// <param name="Derivative">d.</param>
    /// <param name="Safety">Below 1: aims under the tolerance, so that fewer steps are rejected.</param>
    /// <param name="MinFactor">The most a step shrinks.</param>
    /// <param name="MaxFactor">The most a step grows.</param>
    public sealed record Adaptive(
        double Proportional,
        double Integral,
        double Derivative,
        double Safety = 0.9,
        double MinFactor = 0.2,
        double MaxFactor = 10.0
    ) : StepControl;

    internal sealed record AutomaticControl : StepControl;
}
