using Implicit.Shapes;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The error of what the state's norm does not see: of derivatives, where the steps will be differentiated, and of integrals, which the norm of an adjoint
/// equation leaves out. Where the state rests, its own error lets steps grow beyond what these allow; where stability limits the steps, errors of many of
/// them cancel in the state, and may grow without a limit in derivatives along the same steps. There theirs counts.
/// </summary>
/// <remarks>
/// Derivatives are those along a disturbance. At rest it is one of the state and of what the field captured; it begins with numbers around ±1, which its error is measured beside,
/// and may settle as the state did: then steps grow on.
/// Where stability limits the steps, such a one can cancel as the state does. There it is one of the state alone, no larger than what may be its error, to which as much
/// is added in each step: what would grow has a large error beside it before it does. Whether that is so is tried now and then: what a new disturbance has of fast parts,
/// which are gone from the state, has a large error.
/// </remarks>
internal sealed class HiddenError
{
    /// <summary>An error of the state, 1 at the tolerance, that says nothing about how long steps can be.</summary>
    private const double Negligible = 1e-6;

    /// <summary>An error that says as little where something hardly moves: what is not seen beside the tolerance has derivatives all the same.</summary>
    private const double Small = 0.01;

    /// <summary>A state hardly moves if no element does by more tolerances in a step.</summary>
    private const double Many = 1000.0;

    /// <summary>An element that moves by no more tolerances in a step rests.</summary>
    private const double Few = 1e-3;

    /// <summary>After how many steps it is tried again whether stability limits them: what grows there grows by some hundredths a step.</summary>
    private const int Seldom = 8;

    /// <summary>
    /// The error of a new disturbance, beside its size, from which on stability may limit the steps. Of dopri5 it is that of h·λ = −1.6, where accuracy leaves
    /// less than 1 at common tolerances, and stability 3.3.
    /// </summary>
    private const double Unresolved = 0.01;

    /// <summary>
    /// What is added to the followed disturbance, beside what may be its error: a step is too long once the error of anything is a third of it, which is before it
    /// grows. With 1, what should die out stayed in balance with what was added.
    /// </summary>
    private const double Added = 4.0;

    /// <summary>An error of the state says nothing until it is so many times larger, once derivatives are followed: it is small because steps are short for them.</summary>
    private const double Slack = 100.0;

    /// <summary>How often a step is shortened for a derivative that is not finite, before the state alone says how long it may be.</summary>
    private const int Patience = 5;

    private readonly Stepper steps;
    private readonly bool isDifferentiated;

    /// <summary>Those with all that derivatives are by, or with integrals.</summary>
    private readonly HiddenSteps whole;

    /// <summary>Those with a disturbance of the state alone.</summary>
    private readonly HiddenSteps free;

    /// <summary>Whether stability was seen to limit the steps.</summary>
    private bool isStiff;

    /// <summary>How many steps were taken since that was tried; as if some had been, so that the first are not missed.</summary>
    private int untried = Seldom / 2;

    /// <summary>How often the step was shortened for what is not finite.</summary>
    private int shortened;

    /// <summary>Whether the last step was tried with them.</summary>
    private bool wholeTried;
    private bool freeTried;

    /// <summary>The last step, if the error of the state alone judged it; otherwise 0.</summary>
    private double proven;

    /// <param name="kernels">The compiled pieces of what is solved.</param>
    /// <param name="steps">Takes the steps.</param>
    /// <param name="moving">Which captures the steps will be differentiated by; null if they will not be.</param>
    public HiddenError(OdeKernels kernels, Stepper steps, ValueArray<bool>? moving)
    {
        (this.steps, isDifferentiated) = (steps, moving is not null);
        whole = new HiddenSteps(kernels, steps, moving);
        free = new HiddenSteps(kernels, steps, [.. new bool[kernels.Problem.Captures.Length]]);
    }

    /// <summary>Whether steps are bounded by what the state's norm does not see: the last one or, where stability limits them, any.</summary>
    public bool Counts { get; private set; }

    /// <summary>Whether a solve has anything that the norm of its state does not see.</summary>
    public static bool Has(OdeProblem problem, bool isDifferentiated) =>
        problem.AdaptiveControl is not null && (isDifferentiated || problem.NormLeaves < problem.Leaves);

    /// <summary>Judges a step that was tried.</summary>
    /// <param name="ratio">The error of the state, 1 at the tolerance.</param>
    /// <param name="time">Where the step begins.</param>
    /// <param name="size">How long it is.</param>
    /// <param name="mayShrink">Whether a shorter step is possible: a step cannot be too small by an error that is hidden.</param>
    /// <returns>The error that counts.</returns>
    public double Judge(double ratio, double time, double size, bool mayShrink)
    {
        double error = ratio;
        wholeTried = mayShrink && Math.Abs(size) > proven && SaysNothing(ratio) && whole.Exist;
        if (wholeTried)
            error = Math.Max(error, Error(whole, time, size, 1.0, ref wholeTried));
        freeTried = mayShrink && ratio <= 1.0 && (isStiff || IsDue) && free.Exist;
        if (freeTried)
            error = Math.Max(error, Growth(time, size));
        Counts = error > ratio || (isStiff && Counts);
        return error;
    }

    /// <summary>The step that was judged, which is as long as <paramref name="size"/>, is taken.</summary>
    public void Accept(double size)
    {
        proven = wholeTried ? 0.0 : Math.Abs(size);
        shortened = 0;
        untried++;
        Accept(whole, wholeTried);
        Accept(free, freeTried);
        if (freeTried)
            free.Renew(Added * free.Tolerance);
    }

    /// <summary>Leaves its memory to the next solve.</summary>
    public void Return()
    {
        whole.Return();
        free.Return();
    }

    /// <summary>Whether the error of the state says nothing. Where stability bounds the steps, it is small because they are short.</summary>
    private bool SaysNothing(double ratio)
    {
        double compared = whole.AreCarried ? ratio / Slack : ratio;
        return compared < Negligible
            || (
                compared < Small
                && isDifferentiated
                && !isStiff
                && steps.Moves() is { Least: <= Few } or { Most: <= Many }
            );
    }

    private bool IsDue => isDifferentiated && untried >= Seldom;

    /// <summary>The error of the state's disturbance where stability limits the steps, and 0 elsewhere.</summary>
    private double Growth(double time, double size)
    {
        if (isStiff)
            return Error(free, time, size, Added * free.Tolerance, ref freeTried);
        isStiff = free.Try(time, size) * free.Tolerance > Unresolved;
        untried = 0;
        freeTried = false;
        return 0.0;
    }

    /// <summary>
    /// The hidden error of a step. Where a derivative is not finite, it may be so in a shorter step; if not, nothing is known, and
    /// <paramref name="isTried"/> becomes false.
    /// </summary>
    private double Error(HiddenSteps hidden, double time, double size, double disturbance, ref bool isTried)
    {
        double error = hidden.Try(time, size, disturbance);
        if (double.IsFinite(error))
            return error;
        if (shortened++ < Patience)
            return double.PositiveInfinity;
        isTried = false;
        return 0.0;
    }

    private static void Accept(HiddenSteps hidden, bool isTried)
    {
        if (isTried)
            hidden.Accept();
        else
            hidden.Leave();
    }
}
