namespace Implicit.Solvers.Ode;

/// <summary>How a solve ends, and why.</summary>
internal sealed partial class OdeDriver
{
    /// <summary>Why the step that was tried last could not be computed; null if it was.</summary>
    private Exception? obstacle;

    /// <summary>How the solve ended; the message is empty on success.</summary>
    public (OdeStatus Status, string Message) Outcome { get; private set; }

    /// <param name="equation">What is solved, in front of the message of a failure.</param>
    /// <exception cref="SolveException">The last output time was not reached.</exception>
    public void RequireSuccess(string equation = "")
    {
        if (Outcome.Status != OdeStatus.Success)
            throw new SolveException($"[odeint] {equation}{Outcome.Message}", obstacle!);
    }

    /// <summary>Whether what was added at the last stop is not finite: no step from there is, however small.</summary>
    private bool HasBadJump => stopsAtOutputs && !stepper.IsFinite;

    private (OdeStatus, string) TooSmall(double size, double ratio)
    {
        Stepper failed = stepper.WithStages(time, size);
        return (OdeStatus.StepTooSmall, Failure.StepTooSmall(problem, time, Math.Abs(size), ratio, failed));
    }

    private (OdeStatus, string) NoState(double end) =>
        obstacle is not null ? NotComputed(obstacle)
        : HasBadJump ? (OdeStatus.NonFinite, Failure.JumpNotFinite(problem, time, stepper))
        : (OdeStatus.NonFinite, Failure.StateNotFinite(problem, time, stepper.WithStages(time, end - time)));

    private (OdeStatus, string) NotComputed(Exception error) =>
        (OdeStatus.StepFailed, Failure.NotComputed(time, stepper, error));
}
