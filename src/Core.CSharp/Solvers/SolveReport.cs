using static System.FormattableString;

namespace Implicit;

/// <summary>How an iterative solve ended, and what it cost.</summary>
public sealed record SolveReport
{
    /// <summary>The outcome.</summary>
    public required SolveStatus Status { get; init; }

    /// <summary>The step at which the solve ended; 0 is the start.</summary>
    public required int Steps { get; init; }

    /// <summary>The residual of the value that is returned, by which the solve is judged.</summary>
    /// <remarks>
    /// ‖f(z) − z‖₂ for a fixed point, ‖F(z)‖₂ for a root, whose best iterate has the least; the largest element of the gradient for a minimum, and
    /// the largest |Jⱼᵀr|/‖Jⱼ‖ for least squares, whose best iterate is the lowest.
    /// </remarks>
    public required double Residual { get; init; }

    /// <summary>The residual that was allowed for that value.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The step at which that value was met.</summary>
    public required int BestStep { get; init; }

    /// <summary>The residuals of all iterates, the start's first; empty if they were not kept.</summary>
    public IReadOnlyList<double> Trace { get; init; } = [];

    /// <summary>Whether the residual is within the tolerance.</summary>
    public bool IsSuccess => Status == SolveStatus.Success;

    /// <summary>
    /// Whether ∂F/∂z is singular at the root that was found, as far as its change over the distance that is left tells (more than a tenth of it):
    /// such a root is approached at a linear rate only and to fewer digits than its residual has, and it has no derivative. Asked of every
    /// root, and of fixed points where ∂F/∂z is factorised (<see cref="Newton"/> by its matrix).
    /// </summary>
    public bool IsSingular { get; init; }

    /// <summary>What happened, where, and what to try.</summary>
    public string Message =>
        IsSuccess
            ? Invariant($"Success: residual {Residual:g6} after {Steps} steps, {Tolerance:g6} allowed.{Warning}")
            : $"{What}{Best}{Advice}";

    /// <summary>That of a batch without items.</summary>
    internal static SolveReport OfNothing { get; } =
        new()
        {
            Status = SolveStatus.Success,
            Steps = 0,
            Residual = 0.0,
            Tolerance = 0.0,
            BestStep = 0,
        };

    /// <summary>Why a step could not be computed, or more steps would not help.</summary>
    internal string Reason { get; init; } = "";

    private string Warning =>
        IsSingular
            ? " Warning: ∂F/∂z is singular at this root, so convergence is linear, the root has fewer digits than the residual, and no derivative; or the tolerance is too wide for the size of F, and this is no root yet."
            : "";

    private string What =>
        Status switch
        {
            SolveStatus.MaxStepsReached => Invariant($"MaxStepsReached: not converged within {Steps} steps.{Reason}"),
            SolveStatus.Diverged => Invariant($"Diverged: the residual has grown beyond measure at step {Steps}."),
            SolveStatus.Stagnated => Invariant($"Stagnated: the residual has not fallen for {Steps - BestStep} steps."),
            SolveStatus.NonFinite => Invariant(
                $"NonFinite: the function gave NaN or an infinity, or numbers whose squares overflow, at step {Steps}."
            ),
            _ => Invariant($"StepFailed: step {Steps} could not be computed. {Reason}"),
        };

    private string Best =>
        double.IsNaN(Residual)
            ? "" // There is none.
            : Invariant($" The best iterate, at step {BestStep}, has residual {Residual:g6}; {Tolerance:g6} allowed.");

    private string Advice =>
        Status switch
        {
            SolveStatus.MaxStepsReached when Reason.Length > 0 => " Try bounds, a penalty, or the other sign.",
            SolveStatus.MaxStepsReached => " Try more steps, a wider tolerance, or another method.",
            SolveStatus.Diverged => " Try another start, damping, or a method that needs no contraction.",
            SolveStatus.Stagnated => " Try another start or method, damping, or a wider tolerance.",
            SolveStatus.NonFinite => " Try a start inside the function's domain, smaller units, or damping.",
            _ => " Try another start or method.",
        };

    /// <summary>How the solve ended and what it cost.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => Message;
}
