using Implicit.Shapes;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The error of what the state's norm does not see: of derivatives, where the steps will be differentiated, and of integrals, which the norm of an adjoint
/// equation leaves out. Where the state rests, its own error lets steps grow beyond what these allow; where stability limits the steps, errors of many of
/// them cancel in the state, and may grow without a limit in derivatives along the same steps. There theirs counts.
/// </summary>
/// <remarks>
/// Derivatives are those along a disturbance, which begins with numbers around ±1 that its error is measured beside, and may settle as the state did:
/// then steps grow on.
/// At rest it is one of the state and of what the field captured. That can cancel as the state does where stability limits the steps, so there it is one of
/// the state alone, to which a little is added in each step, and which is followed to the end. Whether that is so is tried now and then: what a new disturbance has
/// of the fast parts, which are gone from the state, has a large error.
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

    /// <summary>How many steps were taken since that was tried.</summary>
    private int untried;

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
            error = Math.Max(error, Error(whole, time, size, ref wholeTried));
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
            free.Renew();
    }

    /// <summary>Leaves its memory to the next solve.</summary>
    public void Return()
    {
        whole.Return();
        free.Return();
    }

    /// <summary>Whether the error of the state says nothing. Where stability bounds the steps, it is small because they are short.</summary>
    private bool SaysNothing(double ratio) =>
        ratio < Negligible
        || (ratio < Small && isDifferentiated && !isStiff && steps.Moves() is { Least: <= Few } or { Most: <= Many });

    private bool IsDue => isDifferentiated && untried >= Seldom;

    /// <summary>The error of the state's disturbance where stability limits the steps, and 0 elsewhere.</summary>
    private double Growth(double time, double size)
    {
        if (isStiff)
            return Error(free, time, size, ref freeTried);
        double error = free.Try(time, size);
        untried = 0;
        isStiff = freeTried = error * free.Tolerance > Unresolved;
        return isStiff ? error : 0.0;
    }

    /// <summary>
    /// The hidden error of a step. Where a derivative is not finite, it may be so in a shorter step; if not, nothing is known, and
    /// <paramref name="isTried"/> becomes false.
    /// </summary>
    private double Error(HiddenSteps hidden, double time, double size, ref bool isTried)
    {
        double error = hidden.Try(time, size);
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
