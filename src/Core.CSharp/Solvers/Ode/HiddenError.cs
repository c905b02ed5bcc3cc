using Implicit.Control;
using Implicit.Graph;
using Implicit.Ops;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// The error of what the state's norm does not see: of derivatives, where the steps will be differentiated, and of integrals, which the norm of an adjoint
/// equation leaves out. Where the state rests, its own error lets steps grow beyond what these allow; there theirs counts.
/// </summary>
/// <remarks>
/// Derivatives are those along one disturbance of the state and of what the field captured. It begins with ±1 in every element, which its error is
/// measured beside, and follows the tangent equation (<see cref="OdeProblem.Tangent"/>) from where the state came to rest, so it may settle as the
/// state did: then steps grow on.
/// </remarks>
/// <param name="kernels">The compiled pieces of what is solved.</param>
/// <param name="steps">Takes the steps.</param>
/// <param name="ofDerivatives">Whether the steps will be differentiated.</param>
internal sealed class HiddenError(OdeKernels kernels, Stepper steps, bool ofDerivatives)
{
    /// <summary>An error of the state, 1 at the tolerance, that says nothing about how long steps can be.</summary>
    private const double Negligible = 1e-6;

    /// <summary>Takes the same steps, with their hidden errors.</summary>
    private Stepper? stepper;

    /// <summary>Whether the stepper is where the next step begins.</summary>
    private bool isCarried;

    /// <summary>Whether the stepper tried the last step, too.</summary>
    private bool isTried;

    /// <summary>The last step that was as long as the error of the state allowed.</summary>
    private double proven;

    /// <summary>Whether the last step is bounded by what the state's norm does not see.</summary>
    public bool Counts { get; private set; }

    /// <summary>Whether a solve has anything that the norm of its state does not see.</summary>
    public static bool Has(OdeProblem problem, bool isDifferentiated) =>
        problem.AdaptiveControl is not null && (isDifferentiated || problem.NormLeaves < problem.Leaves);

    /// <summary>
    /// The equation of the state and, for derivatives, a disturbance, with the error of what the state's norm does not see; null if the field has no
    /// derivative in forward mode.
    /// </summary>
    public static OdeProblem? Equation(OdeProblem problem, bool ofDerivatives)
    {
        OdeProblem? all = ofDerivatives ? Disturbed(problem) : problem;
        return all is null
            ? null
            : all with
            {
                NormLeaves = all.Leaves,
                Norm = Function.TraceClosed(
                    "odeint",
                    all.State,
                    errors => [RootMeanSquare(errors[problem.NormLeaves..])]
                ),
            };
    }

    /// <summary>Judges a step that was tried.</summary>
    /// <param name="ratio">The error of the state, 1 at the tolerance.</param>
    /// <param name="time">Where the step begins.</param>
    /// <param name="size">How long it is.</param>
    /// <param name="mayShrink">Whether a shorter step is possible: no solve fails by an error that is hidden.</param>
    /// <returns>The error that counts.</returns>
    public double Judge(double ratio, double time, double size, bool mayShrink)
    {
        isTried =
            ratio < Negligible && Math.Abs(size) > proven && mayShrink && kernels.Hidden(ofDerivatives) is not null;
        if (ratio is >= Negligible and <= 1.0)
            proven = Math.Abs(size);
        double error = isTried ? Math.Max(ratio, Try(time, size)) : ratio;
        Counts = isTried && error >= Negligible;
        return error;
    }

    /// <summary>The step that was judged is taken.</summary>
    public void Accept()
    {
        isCarried = isTried && ofDerivatives;
        if (isCarried)
            stepper!.Accept();
    }

    /// <summary>Leaves its memory to the next solve.</summary>
    public void Return()
    {
        stepper?.Return([]);
        stepper = null;
    }

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
        OdeKernels all = kernels.Hidden(ofDerivatives)!;
        Buffer[] disturbances = Signs(all.Problem.State.AsSpan(kernels.Problem.Leaves));
        Buffer[] directions = Signs(all.Problem.Captures.AsSpan(kernels.Problem.Captures.Length));
        stepper = all.Stepper(StepParts.Error, [.. steps.State, .. disturbances], [.. steps.Captures, .. directions]);
        Buffer.Release(disturbances);
    }

    /// <summary>
    /// The state with a disturbance, and a tolerance that is relative to this: the larger of the state's two, since what is a small state says nothing about
    /// what is a small derivative.
    /// </summary>
    private static OdeProblem? Disturbed(OdeProblem problem)
    {
        double least = 100.0 * Matrices.Rounding(problem.Time.DType);
        double tolerance = Math.Max(problem.Options.RelativeTolerance, problem.Options.AbsoluteTolerance);
        tolerance = Math.Clamp(tolerance, least, 0.01);
        try
        {
            return problem.Tangent([.. problem.Captures.Select(type => type.DType.IsFloat)]) with
            {
                Options = problem.Options with { RelativeTolerance = tolerance, AbsoluteTolerance = tolerance },
            };
        }
        catch (TensorException)
        {
            return null;
        }
    }

    /// <summary>Signs as if drawn, one for every element.</summary>
    private static Buffer[] Signs(ReadOnlySpan<TensorType> types)
    {
        Buffer[] all = Elements.Zeros(types);
        foreach (Buffer signs in all)
        {
            var elements = new double[signs.Length];
            // The first bits of the multiples of the golden ratio (Knuth, The Art of Computer Programming 3, 6.4).
            for (int i = 0; i < elements.Length; i++)
                elements[i] = (int)((uint)(i + 1) * 2654435769u) < 0 ? -1.0 : 1.0;
            Elements.Write(signs, elements);
        }
        return all;
    }

    private static Tensor RootMeanSquare(Tensor[] leaves)
    {
        int count = Math.Max(1, leaves.Sum(leaf => leaf.Length));
        return Tensor.Sqrt(Tensor.Total([.. leaves.Select(leaf => Tensor.Sum(leaf * leaf))]) / count);
    }
}
