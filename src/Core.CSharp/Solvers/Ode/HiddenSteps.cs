using Implicit.Control;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Takes the steps of a solve once more beside it, with a <see cref="HiddenEquation"/>.</summary>
/// <param name="kernels">The compiled pieces of what is solved.</param>
/// <param name="steps">Takes the steps of the solve.</param>
/// <param name="moving">Which captures are disturbed beside the state; null if nothing is.</param>
internal sealed class HiddenSteps(OdeKernels kernels, Stepper steps, ValueArray<bool>? moving)
{
    /// <summary>
    /// What a disturbance gets anew in each step, beside what may be its error: a step is too long once the error of anything is a third of it, which is before it
    /// grows. With 1, what should die out stayed in balance with what was added.
    /// </summary>
    private const double Anew = 4.0;

    private readonly int leaves = kernels.Problem.Leaves;

    /// <summary>What is solved, once that was looked up.</summary>
    private OdeKernels? equation;
    private bool isKnown;

    private Stepper? stepper;

    /// <summary>What the disturbance began with.</summary>
    private Buffer[] numbers = [];

    /// <summary>The disturbance, these and by how much of them it changes; and where its change is computed.</summary>
    private Buffer[] change = [];
    private Buffer[] changed = [];
    private readonly Cell amount = new(kernels.Problem.Time.DType);

    /// <summary>Whether the stepper is where the next step begins.</summary>
    private bool isCarried;
    private int changes;

    private OdeKernels? Equation
    {
        get
        {
            equation = isKnown ? equation : kernels.Hidden(moving);
            isKnown = true;
            return equation;
        }
    }

    /// <summary>Whether there are any: the field has a derivative in forward mode, if that is needed.</summary>
    public bool Exist => Equation is not null;

    /// <summary>What may be the error of a disturbance, beside 1 and its size.</summary>
    public double Tolerance => Equation!.Problem.Options.RelativeTolerance;

    /// <summary>Tries a step from where the solve is, with a new disturbance unless one is followed: its error, 1 at the tolerance; NaN if that cannot be computed.</summary>
    public double Try(double time, double size)
    {
        if (!isCarried)
            Begin();
        try
        {
            return stepper!.Try(time, size);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            return double.NaN;
        }
    }

    /// <summary>The step that was tried is taken: the disturbance is followed. Integrals leave nothing to follow.</summary>
    public void Accept()
    {
        stepper!.Accept();
        isCarried = moving is not null;
        // It is the state's disturbance however long it is followed.
        Elements.Copy(steps.End, stepper.State.AsSpan(0, leaves));
    }

    /// <summary>
    /// Adds a little to the disturbance, other numbers each time, so that what a step leaves of any kind is there to be seen if it grows; what has grown
    /// is scaled down.
    /// </summary>
    public void Renew()
    {
        Span<Buffer> disturbance = stepper!.State.AsSpan(leaves);
        disturbance.CopyTo(change);
        amount.Value = Math.CopySign(Anew * Tolerance, HiddenEquation.Drawn(++changes));
        Equation!.Renewal.Run(change, changed);
        Elements.Copy(changed, disturbance);
    }

    /// <summary>The next step that is tried begins with a new disturbance.</summary>
    public void Leave() => isCarried = false;

    /// <summary>Leaves its memory to the next solve.</summary>
    public void Return()
    {
        stepper?.Return([]);
        stepper = null;
        Buffer.Release(numbers);
        Buffer.Release(changed);
        (numbers, change, changed) = ([], [], []);
        isCarried = false;
    }

    private void Begin()
    {
        Return();
        OdeProblem problem = Equation!.Problem;
        int next = 0;
        numbers = HiddenEquation.Disturbances(problem.State.AsSpan(leaves), ref next);
        Buffer[] directions = HiddenEquation.Disturbances(problem.Captures.AsSpan(steps.Captures.Length), ref next);
        stepper = Equation.Stepper(StepParts.Error, [.. steps.State, .. numbers], [.. steps.Captures, .. directions]);
        change = [.. numbers, .. numbers, amount.Buffer];
        changed = Elements.Zeros(problem.State.AsSpan(leaves));
    }
}
