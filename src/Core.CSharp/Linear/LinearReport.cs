using Implicit.Shapes;

namespace Implicit;

/// <summary>How the solve for one right-hand side ended.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Residual">
/// ‖b − A·x‖₂. For least squares whose residual is not within the tolerance: ‖Aᵀ(b − A·x)‖₂/‖A‖, the part that a better x would take off.
/// </param>
/// <param name="Tolerance">The residual that was allowed; infinite for a direct solve, whose factors decide.</param>
/// <param name="Iterations">Steps of a Krylov method, each a product with A (two for LSMR); 0 for a direct solve.</param>
public sealed record LinearReport(LinearStatus Status, double Residual, double Tolerance, int Iterations)
{
    /// <summary>The report that a certificate's gradient holds.</summary>
    /// <param name="certificate">[4].</param>
    /// <exception cref="TensorException">It has another length.</exception>
    public static LinearReport Read(Tensor certificate)
    {
        Throw.Unless(certificate.Length == Length, "report", "a certificate has 4 numbers", $"{certificate.Type}");
        return Of(certificate.ToArray());
    }

    /// <summary>How many numbers a report is.</summary>
    internal const int Length = 4;

    /// <summary>Whether the residual is within the tolerance.</summary>
    public bool IsSuccess => Status == LinearStatus.Success;

    /// <summary>What happened, and what to try.</summary>
    public string Message =>
        double.IsPositiveInfinity(Tolerance)
            ? $"{What}{Advice}"
            : FormattableString.Invariant(
                $"{What} Residual {Residual:g6} after {Iterations} steps, {Tolerance:g6} allowed.{Advice}"
            );

    internal double[] Numbers => [(double)Status, Residual, Tolerance, Iterations];

    private string What =>
        Status switch
        {
            LinearStatus.Success => "Success: the system is solved.",
            LinearStatus.MaxStepsReached => "MaxStepsReached: the residual is still too large at the step limit.",
            LinearStatus.Stagnated => "Stagnated: the residual no longer falls.",
            LinearStatus.Breakdown =>
                "Breakdown: the method cannot go on; A may be singular, or not what the method asks for.",
            LinearStatus.Singular =>
                "Singular: A has no inverse to working precision, or is not positive definite although it was said to be.",
            LinearStatus.NotAsClaimed =>
                "NotAsClaimed: the solution by factors does not solve the system, for A is not linear, or not symmetric or triangular as it was said to be.",
            _ => "NonFinite: the operator or b is not finite, or the solution overflows.",
        };

    private string Advice =>
        Status switch
        {
            LinearStatus.Success => "",
            LinearStatus.MaxStepsReached => " Try more steps, a preconditioner, or another method.",
            LinearStatus.Stagnated => " Try a longer restart, a preconditioner, a wider tolerance, or direct.",
            LinearStatus.Breakdown => " Try gmres or direct, or lsmr if A is singular.",
            LinearStatus.Singular =>
                " Try lsmr, which gives the least squares solution of least norm, or the pseudoinverse.",
            LinearStatus.NotAsClaimed =>
                " Check the function and its properties (LinearOperator.Verify names the wrong one).",
            _ => " Check the values of b and of what A captures.",
        };

    /// <summary>The report of a solve without steps.</summary>
    internal static LinearReport Direct(LinearStatus status, double residual) =>
        new(status, residual, double.PositiveInfinity, 0);

    internal static LinearReport Of(ReadOnlySpan<double> numbers) =>
        new((LinearStatus)(int)numbers[0], numbers[1], numbers[2], (int)numbers[3]);
}
