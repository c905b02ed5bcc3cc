using Implicit.Control;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// Solves one initial value problem: takes steps until the last output time is reached, and emits the state at each output time. It
/// only decides; all arithmetic on states is in the compiled pieces.
/// </summary>
internal sealed partial class OdeDriver
{
    private readonly OdeProblem problem;
    private readonly StepGrid grid;
    private readonly Stepper stepper;
    private readonly IStepObserver observer;
    private readonly bool stopsAtOutputs;
    private readonly StepSizer? sizer;
    private readonly HiddenError? hidden;

    private int accepted;
    private int rejected;

    /// <summary>The number of tried steps at which the budget is spent.</summary>
    private long limit;
    private int nextOutput;
    private double time;

    /// <param name="kernels">The compiled pieces of the problem.</param>
    /// <param name="grid">The output times.</param>
    /// <param name="y0">The initial state.</param>
    /// <param name="captures">What the field captured.</param>
    /// <param name="observer">Who is told of steps and outputs.</param>
    /// <param name="stopsAtOutputs">Whether steps end at outputs, where the observer may then change the state.</param>
    /// <param name="records">Whether steps give what their transposes read, for an observer that keeps it.</param>
    /// <param name="moving">Which captures the steps will be differentiated by; null if they will not be.</param>
    public OdeDriver(
        OdeKernels kernels,
        StepGrid grid,
        ReadOnlySpan<Buffer> y0,
        ReadOnlySpan<Buffer> captures,
        IStepObserver observer,
        bool stopsAtOutputs = false,
        bool records = false,
        ValueArray<bool>? moving = null
    )
    {
        problem = kernels.Problem;
        grid.CheckFor(problem);
        this.grid = grid;
        this.observer = observer;
        this.stopsAtOutputs = stopsAtOutputs;
        limit = problem.Options.MaxSteps;
        sizer = problem.AdaptiveControl is { } control ? new StepSizer(control, problem.Method.ErrorOrder) : null;
        StepParts parts =
            (stopsAtOutputs ? StepParts.None : StepParts.Stages)
            | (sizer is null ? StepParts.None : StepParts.Error)
            | (records ? StepParts.Residuals : StepParts.None);
        stepper = kernels.Stepper(parts, y0, captures);
        hidden = HiddenError.Has(problem, moving is not null) ? new(kernels, stepper, moving) : null;
    }

    /// <summary>The time that was reached.</summary>
    public double Time => time;

    /// <summary>The state that was reached.</summary>
    public ReadOnlySpan<Buffer> State => stepper.State;

    public OdeStatistics Statistics => new(stepper.Evaluations, accepted, rejected);

    /// <summary>Where the steps that come next must end at last.</summary>
    private double Stop => stopsAtOutputs ? grid.Times[nextOutput] : grid.Last;

    private bool IsSpent => accepted + rejected >= limit;

    /// <summary>
    /// Whether the ratio is NaN wherever the end of a step is not finite: a user's norm may leave out a part of the state, and that of an adjoint
    /// equation leaves out the parameters'.
    /// </summary>
    private bool NormTellsAll => sizer is not null && problem.Norm is null && problem.NormLeaves == problem.Leaves;

    /// <summary>Whether steps ended the solve that were short for derivatives only.</summary>
    public bool IsHeldBack => Outcome.Status == OdeStatus.MaxStepsReached && hidden is { Counts: true };

    /// <summary>Leaves the memory of the solve to the next one. Nobody may read it any more.</summary>
    public void Return() => stepper.Return([]);

    /// <summary>Runs to the end or to a failure.</summary>
    public void Run()
    {
        try
        {
            TakeSteps();
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            obstacle = error;
            Outcome = NotComputed(error);
        }
        hidden?.Return();
    }

    private void TakeSteps()
    {
        time = grid.First;
        observer.Emitted(nextOutput++, stepper, step: -1, theta: 0.0);
        if (grid.Times.Length == 1)
            return;
        double size = Begin();
        if (!stepper.IsFinite)
            Outcome = (OdeStatus.NonFinite, Failure.FieldNotFinite(problem, time, stepper));
        while (nextOutput < grid.Times.Length && Outcome.Status == OdeStatus.Success)
            if (IsSpent)
                Outcome = (
                    OdeStatus.MaxStepsReached,
                    Failure.MaxSteps(problem, Stop, time, stepper, hidden is { Counts: true })
                );
            else if (sizer is null)
                FixedInterval();
            else
                size = AdaptiveStep(sizer, size);
    }

    /// <summary>Computes f at the beginning, unless each step does that, and gives the size of the first step where steps are adaptive.</summary>
    private double Begin()
    {
        if (sizer is not null && problem.Options.FirstStep is null)
            return Stretched(stepper.Begin(time, grid.Direction));
        if (!stopsAtOutputs)
            stepper.Begin(time);
        return problem.Options.FirstStep ?? 0.0;
    }

    /// <summary>
    /// The whole way to the first stop, where it is within reach of a first step that was chosen here. Hairer's rule aims at a hundredth of the
    /// tolerance, so a step that is longer by 100^(1/(q + 1)), q the order of the error, is still expected to meet it; a second step would cost as
    /// much again.
    /// </summary>
    private double Stretched(double size)
    {
        double left = Math.Abs(Stop - time);
        double reach = size * 0.9 * Math.Pow(100.0, 1.0 / (problem.Method.ErrorOrder + 1));
        return left <= reach ? Math.Max(size, left) : size;
    }

    /// <summary>Divides the interval to the next output evenly and takes one of its steps.</summary>
    private void FixedInterval()
    {
        double from = grid.Times[nextOutput - 1];
        double to = grid.Times[nextOutput];
        double largest = problem.Options.Steps is StepControl.Fixed control ? control.Size : double.PositiveInfinity;
        // A rounding error in the quotient must not cost a step.
        double steps = Math.Max(1.0, Math.Ceiling((Math.Abs(to - from) / largest) - 1e-9));
        for (double i = 0; i < steps && !IsSpent; i++)
        {
            double end = i + 1 == steps ? to : from + ((to - from) * ((i + 1) / steps));
            if (double.IsNaN(Try(end)))
            {
                Outcome = NoState(end);
                return;
            }
            Accept(end);
        }
    }

    /// <summary>Tries one step of at most <paramref name="size"/> and gives the size of the next.</summary>
    private double AdaptiveStep(StepSizer control, double size)
    {
        double stop = Stop;
        double left = Math.Abs(stop - time);
        // Below a few units in the last place of t a step would not advance time.
        double smallest = Math.Max(problem.Options.MinStep, 4.0 * Math.Abs(Math.BitIncrement(time) - time));
        size = Math.Max(smallest, Math.Min(size, problem.Options.MaxStep));
        // A last step that would leave a sliver is stretched to the stop.
        bool isLast = size >= left * (1.0 - 1e-10);
        double taken = isLast ? left : size;
        double end = isLast ? stop : time + (taken * grid.Direction);
        double ratio = Try(end);
        if (hidden is not null)
            ratio = hidden.Judge(ratio, time, end - time, mayShrink: taken > smallest);
        if (ratio <= 1.0)
        {
            double factor = control.Accept(ratio);
            hidden?.Accept(end - time);
            Accept(end);
            // A step that a stop cut short may have been too short to tell how long the next can be.
            return isLast && factor >= control.LargestFactor ? Math.Max(size, taken * factor) : taken * factor;
        }
        rejected++;
        // A norm that gives NaN leaves no size to begin with.
        bool isSmallest = !(taken > smallest);
        if (!double.IsFinite(ratio) && (isSmallest || HasBadJump))
            Outcome = NoState(end);
        else if (isSmallest)
            Outcome = TooSmall(end - time, ratio);
        return taken * control.Reject(ratio);
    }

    /// <summary>
    /// Tries a step: the ratio of its error to the tolerance, 0 without an estimate, NaN if its end is no state.
    /// </summary>
    private double Try(double end)
    {
        obstacle = null;
        try
        {
            // The size is that of the record, so that a replay takes the same step to the bit.
            double ratio = stepper.Try(time, end - time);
            return NormTellsAll || stepper.IsEndFinite ? ratio : double.NaN;
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            obstacle = error;
            return double.NaN;
        }
    }

    /// <summary>Emits the outputs inside the step that was tried, and makes its end the state.</summary>
    private void Accept(double end)
    {
        double start = time;
        for (; nextOutput < grid.Times.Length && (grid.Times[nextOutput] - end) * grid.Direction <= 0.0; nextOutput++)
        {
            double output = grid.Times[nextOutput];
            double theta = output == end ? 1.0 : (output - start) / (end - start);
            observer.Emitted(nextOutput, stepper, accepted, theta);
        }
        // After the outputs: if one of them cannot be computed, the step was not taken.
        observer.Accepted(accepted, start, end - start, stepper);
        stepper.Accept();
        accepted++;
        time = end;
        // From stop to stop as many steps are allowed as to a solve without stops.
        if (stopsAtOutputs && end == grid.Times[nextOutput - 1])
            limit = accepted + rejected + (long)problem.Options.MaxSteps;
    }
}
