namespace Implicit.Solvers.Ode;

/// <summary>The parts of a solve that a walk backward transposes.</summary>
internal enum Transposed
{
    /// <summary>The first evaluation.</summary>
    Start,

    /// <summary>A step without outputs inside.</summary>
    Step,

    /// <summary>A step whose stages have cotangents from outputs inside it.</summary>
    StepWithOutputs,

    /// <summary>The last step, without outputs inside: nothing follows that would use the time derivative at its end.</summary>
    LastStep,

    /// <summary>The last step, with outputs inside.</summary>
    LastStepWithOutputs,

    /// <summary>The stages of a step that only dense output needs.</summary>
    DenseStages,
}
