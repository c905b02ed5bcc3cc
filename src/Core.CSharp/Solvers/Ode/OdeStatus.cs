namespace Implicit;

/// <summary>How the solve of a differential equation ended.</summary>
public enum OdeStatus
{
    /// <summary>The last output time was reached.</summary>
    Success,

    /// <summary>The step budget ran out first.</summary>
    MaxStepsReached,

    /// <summary>The error could not be met with steps that still advance time.</summary>
    StepTooSmall,

    /// <summary>The vector field or the state became NaN or infinite.</summary>
    NonFinite,

    /// <summary>The vector field could not be computed: a solve in it, or on which it rests, failed, or a matrix has no factors.</summary>
    StepFailed,
}

/// <summary>What a solve cost.</summary>
/// <param name="Evaluations">Calls of the vector field.</param>
/// <param name="Accepted">Steps taken.</param>
/// <param name="Rejected">Steps tried and not taken.</param>
public readonly record struct OdeStatistics(int Evaluations, int Accepted, int Rejected);
