namespace Implicit;

/// <summary>How a solution of a differential equation is differentiated, separate from how it is found. A closed set of policies.</summary>
/// <remarks>
/// Steps are chosen by the error of the state, which does not always tell that of derivatives along the same steps. It says nothing where the state or a part of it rests, as a
/// pendulum hanging still or a network whose last layer begins as zero, or hardly moves beside its error; and where stability limits the steps, in stiff equations at loose
/// tolerances, errors of many steps cancel in it, and grow in derivatives. There the error of a derivative along one disturbance counts too, in a solve that is differentiated (by <see cref="Backsolve"/>
/// in forward mode only), whose steps so may be others than those of one that is not. That takes a field with a derivative in forward mode.
/// What this does not see: derivatives that move faster than a state that moves by itself, and second derivatives at rest; there bound the steps (<see cref="OdeOptions.MaxStep"/>).
/// Derivatives by the times are those of the exact solution: the field at an output, its negative at the start.
/// </remarks>
public abstract record Adjoint
{
    private protected Adjoint() { }

    /// <summary>
    /// Differentiates the steps that were taken: exact for the computed solution. Keeps the first steps whole, with all that their derivatives need, in
    /// 128 KiB of each solve and 64 MiB that the solves of a process share, and of the others the state: memory grows with the number of steps.
    /// </summary>
    public sealed record Direct : Adjoint;

    /// <summary>
    /// As <see cref="Direct"/>, but keeps only some states and computes the others again: memory does not grow with the number of steps. The
    /// first steps are kept whole here too, as long as that fits in as much as the kept states may take, or in 128 KiB; steps that are taken again are
    /// kept whole for a while, as many as fit in as much.
    /// </summary>
    /// <param name="Segments">How many states are kept at a time; 2 or more.</param>
    public sealed record Checkpointed(int Segments = 32) : Adjoint;

    /// <summary>
    /// Solves the continuous adjoint equation backwards in time beside the state (Pontryagin; Chen et al. 2018, appendix B). Its error is that of
    /// the solver, and the parameters' part controls the steps only where all else rests or hardly moves (the seminorm of Kidger et al. 2021). Where too little of the
    /// state comes back (an equation that contracts expands backwards, errors too) that is an error.
    /// </summary>
    /// <param name="RelativeTolerance">For the backward solve; the forward one's if null.</param>
    /// <param name="AbsoluteTolerance">For the backward solve; the forward one's if null.</param>
    public sealed record Backsolve(double? RelativeTolerance = null, double? AbsoluteTolerance = null) : Adjoint;
}
