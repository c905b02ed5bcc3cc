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
    private readonly int leaves = kernels.Problem.Leaves;

    /// <summary>What is solved, once that was looked up.</summary>
    private HiddenEquation? equation;
    private bool isKnown;

    private Stepper? stepper;

    /// <summary>What was drawn for a disturbance, that of captures behind that of the state.</summary>
    private Buffer[] drawn = [];

    /// <summary>The state and a disturbance, and what is captured with one.</summary>
    private Buffer[] start = [];
    private Buffer[] given = [];

    /// <summary>The disturbance, a number to draw by, and how much is drawn.</summary>
    private Buffer[] renewed = [];
    private int draws;

    private HiddenEquation? Equation
    {
        get
        {
            equation = isKnown ? equation : kernels.Hidden(moving);
            isKnown = true;
            return equation;
        }
    }

    /// <summary>Whether they can be taken: the field has a derivative in forward mode, if that is needed.</summary>
    public bool ArePossible => Equation is not null;

    /// <summary>Whether the disturbance is followed: it is where the next step begins.</summary>
    public bool AreCarried { get; private set; }

    /// <summary>Tries a step from where the solve is.</summary>
    /// <param name="time">Where it begins.</param>
    /// <param name="size">How long it is.</param>
    /// <param name="disturbance">How large a new disturbance is, which none is if one is followed.</param>
    /// <returns>The error, 1 at the tolerance; NaN if that cannot be computed.</returns>
    public double Try(double time, double size, double disturbance)
    {
        if (!AreCarried)
            Begin(disturbance);
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
        if (moving is null)
            return;
        stepper!.Accept();
        AreCarried = true;
        // It is the state's disturbance however long it is followed.
        Elements.Copy(steps.End, stepper.State.AsSpan(0, leaves));
    }

    /// <summary>Adds so much to the disturbance, in another direction each time; what has grown is scaled down.</summary>
    public void Renew(double disturbance)
    {
        Draw(disturbance);
        Span<Buffer> followed = stepper!.State.AsSpan(leaves);
        followed.CopyTo(renewed);
        Equation!.Renewal.Run(renewed, drawn.AsSpan(0, followed.Length));
        Elements.Copy(drawn, followed);
    }

    /// <summary>The next step that is tried begins with a new disturbance.</summary>
    public void Leave() => AreCarried = false;

    /// <summary>Leaves their memory to the next solve.</summary>
    public void Return()
    {
        if (stepper is null)
            return;
        stepper.Return([]);
        Buffer.Release(drawn);
        stepper = null;
    }

    private void Begin(double disturbance)
    {
        if (stepper is null)
            Allocate();
        if (drawn.Length > 0)
        {
            Draw(disturbance);
            Equation!.Drawing.Run(renewed.AsSpan(^2..), drawn);
        }
        steps.State.CopyTo(start, 0);
        if (stepper is null)
            stepper = Equation!.Kernels.Stepper(StepParts.Error, start, given);
        else
            stepper.Start(start, given);
    }

    private void Draw(double disturbance)
    {
        renewed[^2].Number = ++draws;
        renewed[^1].Number = disturbance;
    }

    /// <summary>Most solves never need the memory, so it is not made with them.</summary>
    private void Allocate()
    {
        int n = Equation!.Kernels.Problem.Leaves - leaves;
        drawn = Elements.Zeros(Equation.Disturbance);
        (start, given) = ([.. steps.State, .. drawn[..n]], [.. steps.Captures, .. drawn[n..]]);
        var number = new Cell(DType.Float64);
        var amount = new Cell(kernels.Problem.Time.DType);
        renewed = [.. drawn[..n], number.Buffer, amount.Buffer];
    }
}
