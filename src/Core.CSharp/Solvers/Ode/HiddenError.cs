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
/// Where stability limits the steps, such a one can cancel as the state does. There it is one of the state alone, a few times as large as what may be its error, and as much
/// is added to it in each step: what would grow has a large error beside it before it does. Whether that is so is tried now and then: what a new disturbance has of fast parts,
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

    /// <summary>
    /// An error that is so many times larger beside how far the state moves than its tolerance is beside the state says little about derivatives, which
    /// follow what moves.
    /// </summary>
    private const double Coarse = 100.0;

    /// <summary>After how many steps it is tried again whether stability limits them: what grows there grows by some hundredths a step.</summary>
    private const int Seldom = 8;

    /// <summary>
    /// The error of a new disturbance, beside 1 and its size, from which on stability may limit the steps. For dopri5 that is at h·λ = −1.7 or so: its stability ends at
    /// −3.3, and at common tolerances its accuracy before −1.
    /// </summary>
    private const double Unresolved = 0.01;

    /// <summary>
    /// What is added to the followed disturbance, beside what may be its error: a step is too long once the error of anything is a sixth to a half of it, which is before
    /// it grows. With 1, what should die out stayed in balance with what was added.
    /// </summary>
    private const double Added = 4.0;

    /// <summary>How many times larger a negligible error may be where derivatives that are followed were begun anew too often already, in place of which they are followed on.</summary>
    private const double Slack = 100.0;

    /// <summary>How often they may be begun: each time what is fast in them has to die out again, in short steps.</summary>
    private const int Often = 2;

    /// <summary>How often a step is shortened for a derivative that is not finite, before the state alone says how long it may be.</summary>
    private const int Patience = 5;

    private readonly OdeKernels kernels;
    private readonly Stepper steps;
    private readonly bool isDifferentiated;

    /// <summary>What may be the error of a derivative, beside 1 and its size.</summary>
    private readonly double tolerance;

    /// <summary>Those with all that derivatives are by, or with integrals.</summary>
    private readonly HiddenSteps ofAll;

    /// <summary>Those with a disturbance of the state alone.</summary>
    private readonly HiddenSteps ofState;

    /// <summary>Whether stability was seen to limit the steps. It stays so: where it limits them no longer, what is followed is too small to shorten any.</summary>
    private bool isStiff;

    /// <summary>How many steps were taken since that was tried; as if some had been, so that the first are not missed.</summary>
    private int untried = Seldom / 2;

    /// <summary>How often derivatives by all were begun.</summary>
    private int begun;

    /// <summary>How often the step was shortened for what is not finite.</summary>
    private int shortened;

    /// <summary>Whether the last step was tried with them.</summary>
    private bool allTried;
    private bool stateTried;

    /// <summary>The last step, if the error of the state alone judged it; otherwise 0.</summary>
    private double proven;

    /// <param name="kernels">The compiled pieces of what is solved.</param>
    /// <param name="steps">Takes the steps.</param>
    /// <param name="moving">Which captures the steps will be differentiated by; null if they will not be.</param>
    public HiddenError(OdeKernels kernels, Stepper steps, ValueArray<bool>? moving)
    {
        (this.kernels, this.steps, isDifferentiated) = (kernels, steps, moving is not null);
        tolerance = HiddenEquation.ToleranceOf(kernels.Problem);
        ofAll = new HiddenSteps(kernels, steps, moving);
        ofState = new HiddenSteps(kernels, steps, [.. new bool[kernels.Problem.Captures.Length]]);
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
        bool mayCount = mayShrink && ratio <= 1.0;
        allTried = mayCount && Math.Abs(size) > proven && SaysNothing(ratio) && ofAll.ArePossible;
        if (allTried)
        {
            begun += ofAll.AreCarried ? 0 : 1;
            error = Math.Max(error, Error(ofAll, time, size, 1.0, ref allTried));
        }
        bool isAcceptable = mayShrink && error <= 1.0;
        if (isAcceptable && IsDue)
            TryStability(time, size);
        stateTried = isAcceptable && isStiff;
        if (stateTried)
            error = Math.Max(error, Error(ofState, time, size, Addition, ref stateTried));
        Counts = error > ratio || (isStiff && Counts);
        return error;
    }

    /// <summary>The step that was judged, which is as long as <paramref name="size"/>, is taken.</summary>
    public void Accept(double size)
    {
        proven = allTried ? 0.0 : Math.Abs(size);
        untried++;
        // Where derivatives are not finite however short a step is, the next ones are not shortened again.
        if (allTried || stateTried)
            shortened = 0;
        Accept(ofAll, allTried);
        Accept(ofState, stateTried);
        if (stateTried)
            ofState.Renew(Addition);
    }

    /// <summary>Leaves its memory to the next solve.</summary>
    public void Return()
    {
        ofAll.Return();
        ofState.Return();
    }

    /// <summary>
    /// Whether the error of the state says nothing. Where stability limits the steps it is small because they are short, which is no sign of rest.
    /// </summary>
    private bool SaysNothing(double ratio) =>
        ratio < (ofAll.AreCarried && begun > Often ? Slack * Negligible : Negligible)
        || (!isStiff && IsBesideRest(ratio, steps.Moves(kernels.Problem.NormLeaves)));

    /// <summary>Whether the error of the state is small where an element rests or the state hardly moves, or large beside how far that moves.</summary>
    private bool IsBesideRest(double ratio, (double Least, double Most) moves) =>
        (ratio < Small && (moves.Most <= Many || (isDifferentiated && moves.Least <= Few)))
        || ratio > Coarse * tolerance * moves.Most;

    private bool IsDue => isDifferentiated && !isStiff && untried >= Seldom && ofState.ArePossible;

    /// <summary>What is added to the disturbance that is followed.</summary>
    private double Addition => Added * tolerance;

    /// <summary>Whether the error of a new disturbance says that stability limits the steps.</summary>
    private void TryStability(double time, double size)
    {
        double error = ofState.Try(time, size, 1.0) * tolerance;
        isStiff = double.IsFinite(error) && error > Unresolved;
        untried = 0;
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
