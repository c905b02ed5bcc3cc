using Implicit.Control;
using Implicit.Graph;
using Implicit.Ops;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The error of what the state's norm does not see: of derivatives, where the steps will be differentiated, and of integrals, which the norm of an adjoint
/// equation leaves out. Where the state rests, its own error lets steps grow beyond what these allow; where stability limits the steps, errors of many of
/// them cancel in the state, and may grow without a limit in derivatives along the same steps. There theirs counts.
/// </summary>
/// <remarks>
/// Derivatives are those along one disturbance of the state and of what the field captured. It begins with numbers around ±1, which its error is
/// measured beside, and follows the tangent equation (<see cref="OdeProblem.Tangent"/>) from where the state came to rest, so it may settle as the
/// state did: then steps grow on. Where steps are once seen to be limited by stability, it is followed to the end, for what grows in it shows late.
/// </remarks>
/// <param name="kernels">The compiled pieces of what is solved.</param>
/// <param name="steps">Takes the steps.</param>
/// <param name="moving">Which captures the steps will be differentiated by; null if they will not be.</param>
internal sealed class HiddenError(OdeKernels kernels, Stepper steps, ValueArray<bool>? moving)
{
    /// <summary>An error of the state, 1 at the tolerance, that says nothing about how long steps can be.</summary>
    private const double Negligible = 1e-6;

    /// <summary>An error that says as little where something hardly moves: what is not seen beside the tolerance has derivatives all the same.</summary>
    private const double Small = 0.01;

    /// <summary>A state hardly moves if no element does by more tolerances in a step.</summary>
    private const double Many = 1000.0;

    /// <summary>An element that moves by no more tolerances in a step rests.</summary>
    private const double Few = 1e-3;

    /// <summary>Of the limit of stability, from where on it may be what limits steps: those that accuracy limits end before.</summary>
    private const double Stiff = 0.6;

    /// <summary>What is solved with its hidden errors, once that was looked up.</summary>
    private OdeKernels? equations;
    private bool isKnown;

    /// <summary>Takes the same steps, with their hidden errors.</summary>
    private Stepper? stepper;

    /// <summary>Whether the stepper is where the next step begins.</summary>
    private bool isCarried;

    /// <summary>Whether the stepper tried the last step, too.</summary>
    private bool isTried;

    /// <summary>Whether stability was seen to limit the steps; from then on the disturbance is followed to the end.</summary>
    private bool isStiff;

    /// <summary>The last step, if the error of the state alone judged it; otherwise 0.</summary>
    private double proven;

    /// <summary>What that will be once the step that was judged is taken.</summary>
    private double tried;

    private OdeKernels? Equations
    {
        get
        {
            equations = isKnown ? equations : kernels.Hidden(moving);
            isKnown = true;
            return equations;
        }
    }

    /// <summary>Whether steps are bounded by what the state's norm does not see: the last one or, where stability limits them, any.</summary>
    public bool Counts { get; private set; }

    /// <summary>Whether a solve has anything that the norm of its state does not see.</summary>
    public static bool Has(OdeProblem problem, bool isDifferentiated) =>
        problem.AdaptiveControl is not null && (isDifferentiated || problem.NormLeaves < problem.Leaves);

    /// <summary>
    /// The equation of the state and, for derivatives, a disturbance, with the error of what the state's norm does not see; null if the field has no
    /// derivative in forward mode.
    /// </summary>
    public static OdeProblem? Equation(OdeProblem problem, ValueArray<bool>? moving)
    {
        OdeProblem? all = moving is { } flags ? Disturbed(problem, flags.Span) : problem;
        return all is null
            ? null
            : all with
            {
                NormLeaves = all.Leaves,
                Norm = Function.TraceClosed(
                    "odeint",
                    all.State,
                    errors => [StepFunctions.RootMeanSquare(errors[problem.NormLeaves..])]
                ),
            };
    }

    /// <summary>Judges a step that was tried.</summary>
    /// <param name="ratio">The error of the state, 1 at the tolerance.</param>
    /// <param name="time">Where the step begins.</param>
    /// <param name="size">How long it is.</param>
    /// <param name="mayShrink">Whether a shorter step is possible: a step cannot be too small by an error that is hidden.</param>
    /// <returns>The error that counts.</returns>
    public double Judge(double ratio, double time, double size, bool mayShrink)
    {
        isStiff |= ratio <= 1.0 && steps.Stability > Stiff * kernels.Problem.Method.StabilityLimit;
        isTried = mayShrink && (isStiff || (Math.Abs(size) > proven && SaysNothing(ratio))) && Equations is not null;
        tried = isTried ? 0.0 : Math.Abs(size);
        double error = isTried ? Math.Max(ratio, Try(time, size)) : ratio;
        Counts = (isTried && error > ratio) || (isStiff && Counts);
        return error;
    }

    /// <summary>The step that was judged is taken.</summary>
    public void Accept()
    {
        proven = tried;
        isCarried = isTried && moving is not null;
        if (isCarried)
            stepper!.Accept();
    }

    /// <summary>Leaves its memory to the next solve.</summary>
    public void Return()
    {
        stepper?.Return([]);
        stepper = null;
    }

    private bool SaysNothing(double ratio) =>
        ratio < Negligible
        || (ratio < Small && moving is not null && steps.Moves() is { Least: <= Few } or { Most: <= Many });

    /// <summary>The hidden error; 0 where it cannot be computed.</summary>
    private double Try(double time, double size)
    {
        if (!isCarried)
            Begin();
        try
        {
            double error = stepper!.Try(time, size);
            if (double.IsFinite(error))
                return error;
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error)) { }
        isTried = false;
        return 0.0;
    }

    private void Begin()
    {
        Return();
        OdeKernels all = Equations!;
        int next = 0;
        Buffer[] disturbances = Disturbances(all.Problem.State.AsSpan(kernels.Problem.Leaves), ref next);
        Buffer[] directions = Disturbances(all.Problem.Captures.AsSpan(kernels.Problem.Captures.Length), ref next);
        stepper = all.Stepper(StepParts.Error, [.. steps.State, .. disturbances], [.. steps.Captures, .. directions]);
        Buffer.Release(disturbances);
    }

    /// <summary>
    /// The state with a disturbance, and a tolerance that is relative to this: the larger of the state's two, since what is a small state says nothing about
    /// what is a small derivative.
    /// </summary>
    private static OdeProblem? Disturbed(OdeProblem problem, ReadOnlySpan<bool> moving)
    {
        double least = 100.0 * Matrices.Rounding(problem.Time.DType);
        double tolerance = Math.Max(problem.Options.RelativeTolerance, problem.Options.AbsoluteTolerance);
        tolerance = Math.Clamp(tolerance, least, 0.01);
        try
        {
            return problem.Tangent(moving) with
            {
                Options = problem.Options with { RelativeTolerance = tolerance, AbsoluteTolerance = tolerance },
            };
        }
        catch (TensorException)
        {
            return null;
        }
    }

    /// <summary>
    /// Numbers from ±½ to ±1½ as if drawn, each another one: what is a difference of two of them is not nothing. They are the first bits of the multiples of the
    /// golden ratio (Knuth, The Art of Computer Programming 3, 6.4).
    /// </summary>
    private static Buffer[] Disturbances(ReadOnlySpan<TensorType> types, ref int next)
    {
        Buffer[] all = Elements.Zeros(types);
        foreach (Buffer leaf in all)
        {
            double[] elements = new double[leaf.Length];
            for (int i = 0; i < elements.Length; i++)
            {
                int drawn = (int)((uint)++next * 2654435769u);
                elements[i] = (drawn / 2147483648.0) + (drawn < 0 ? -0.5 : 0.5);
            }
            Elements.Write(leaf, elements);
        }
        return all;
    }
}
