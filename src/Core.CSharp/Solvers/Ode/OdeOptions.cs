namespace Implicit;

/// <summary>How a differential equation is solved.</summary>
public sealed record OdeOptions
{
    /// <summary>The Runge–Kutta method.</summary>
    public Tableau Method { get; init; } = Tableau.Dopri5;

    /// <summary>The error allowed per step, relative to the state.</summary>
    public double RelativeTolerance { get; init; } = 1e-7;

    /// <summary>The error allowed per step, in the units of the state.</summary>
    public double AbsoluteTolerance { get; init; } = 1e-9;

    /// <summary>How steps are chosen.</summary>
    public StepControl Steps { get; init; } = StepControl.Automatic;

    /// <summary>
    /// What is given where the last output time is not reached: an error, where nothing else is said, or NaN at every time. There is no best one
    /// (<see cref="OnFail.Best"/>). An account (<c>Solve</c>) has the states that were reached.
    /// </summary>
    public OnFail OnFail { get; init; }

    /// <summary>How the solution is differentiated.</summary>
    public Adjoint Adjoint { get; init; } = new Adjoint.Checkpointed();

    /// <summary>
    /// The most steps, accepted and rejected together; of the adjoint equation (<see cref="Adjoint.Backsolve"/>) between two output times.
    /// </summary>
    public int MaxSteps { get; init; } = 16384;

    /// <summary>Adaptive steps smaller than this, in units of time, end the solve with a status.</summary>
    public double MinStep { get; init; }

    /// <summary>Adaptive steps are no larger than this, in units of time.</summary>
    public double MaxStep { get; init; } = double.PositiveInfinity;

    /// <summary>The first adaptive step, in units of time; if null by Hairer's rule, or the whole span where that is little longer.</summary>
    public double? FirstStep { get; init; }

    /// <summary>
    /// The size of a scaled error: from one tensor per leaf of the state, each error divided by atol + rtol·|y|, to a scalar that is 1 at the
    /// tolerance. The root mean square over all elements if null.
    /// </summary>
    public Func<Tensor[], Tensor>? Norm { get; init; }
}
