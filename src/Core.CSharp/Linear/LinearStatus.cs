namespace Implicit;

/// <summary>How the solve of a linear system ended.</summary>
public enum LinearStatus
{
    /// <summary>The residual, computed from the solution itself, is within the tolerance.</summary>
    Success,

    /// <summary>The step budget ran out first.</summary>
    MaxStepsReached,

    /// <summary>The residual no longer falls.</summary>
    Stagnated,

    /// <summary>The method divided by nothing: A is singular, or not of the kind that the method is for.</summary>
    Breakdown,

    /// <summary>A factorisation found that A is singular to working precision, or not positive definite although said to be.</summary>
    Singular,

    /// <summary>A product with A, the right-hand side or the solution is NaN or infinite.</summary>
    NonFinite,

    /// <summary>
    /// What a factorisation found does not solve the system: the operator is not linear, or not symmetric or triangular although said to be.
    /// </summary>
    NotAsClaimed,
}
