namespace Implicit.Solvers.Ode;

/// <summary>What a step gives beside its end.</summary>
[Flags]
internal enum StepParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The ratio of its estimated error to the tolerance.</summary>
    Error = 1,

    /// <summary>Its stages, the last as the first of the next step. Without them the state may change between two steps.</summary>
    Stages = 2,

    /// <summary>What its transpose reads of it beside the stages.</summary>
    Residuals = 4,

    /// <summary>All of these.</summary>
    All = Error | Stages | Residuals,
}
