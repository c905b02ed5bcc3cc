namespace Implicit;

/// <summary>How an iterative solve ended.</summary>
public enum SolveStatus
{
    /// <summary>The residual is within the tolerance.</summary>
    Success,

    /// <summary>The step budget ran out first.</summary>
    MaxStepsReached,

    /// <summary>The residual grew beyond any hope.</summary>
    Diverged,

    /// <summary>The residual no longer falls.</summary>
    Stagnated,

    /// <summary>The function gave NaN or an infinity.</summary>
    NonFinite,

    /// <summary>A step could not be computed: a matrix in it is singular, or a solve inside, or on which the function rests, failed.</summary>
    StepFailed,
}
