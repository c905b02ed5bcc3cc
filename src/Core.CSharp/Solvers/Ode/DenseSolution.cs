using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>A solve of which every step is kept with its stages, so that the state at any time can be asked for.</summary>
internal sealed class DenseSolution : IStepObserver
{
    private readonly OdeSetup setup;
    private readonly StepGrid grid;
    private readonly OdeKernels kernels;
    private readonly Buffer[] captures;
    private readonly Buffer[] y0;
    private readonly List<Step> steps = [];
    private readonly List<Buffer[]> outputs = [];
    private Buffer[] end = [];

    public DenseSolution(OdeSetup setup)
    {
        this.setup = setup;
        kernels = setup.Problem.Kernels;
        grid = StepGrid.Of(setup.Times.ToArray());
        captures = Array.ConvertAll(setup.Captures, Reading.Force);
        y0 = Array.ConvertAll(setup.Y0, Reading.Force);
    }

    /// <summary>The output times that were reached.</summary>
    public Tensor Times => Tensor.Of(grid.Times[..outputs.Count]);

    /// <summary>Each leaf at these times.</summary>
    public Tensor[] Rows =>
        [
            .. Enumerable
                .Range(0, setup.Y0.Length)
                .Select(leaf =>
                    Tensor.Stack([.. outputs.Select(state => Tensor.Data(state[leaf], setup.Y0[leaf].Shape))], 0)
                ),
        ];

    public (OdeStatus Status, string Message, OdeStatistics Statistics) Run()
    {
        var driver = new OdeDriver(kernels, grid, y0, captures, this);
        driver.Run();
        end = Elements.Copies(driver.State);
        string message =
            driver.Outcome.Status == OdeStatus.Success
                ? $"Success: reached t = {grid.Last} in {driver.Statistics.Accepted} steps."
                : driver.Outcome.Message;
        OdeStatistics statistics = driver.Statistics;
        driver.Return();
        return (driver.Outcome.Status, message, statistics);
    }

    public void Accepted(int step, double start, double size, Stepper stepper) =>
        steps.Add(
            new Step(
                start,
                size,
                Elements.Copies(stepper.State),
                Elements.Copies(stepper.First),
                Elements.Copies(stepper.LaterStages)
            )
        );

    public void Emitted(int output, Stepper stepper, int step, double theta)
    {
        Buffer[] state = Elements.Zeros(setup.Problem.State);
        stepper.Write(theta, state, 0);
        outputs.Add(state);
    }

    /// <summary>The leaves at a time inside the span that was solved.</summary>
    public Tensor[] At(double time)
    {
        double reached = steps.Count == 0 ? grid.First : steps[^1].Start + steps[^1].Size;
        CheckWithin(time, grid.First, reached);
        Buffer[] state =
            time == grid.First ? y0
            : time == reached ? end
            : Inside(Find(time), time);
        return [.. state.Select((leaf, i) => Tensor.Data(Elements.Copy(leaf), setup.Y0[i].Shape))];
    }

    /// <exception cref="TensorException">A time lies outside the span that was solved.</exception>
    public static void CheckWithin(double time, double first, double reached) =>
        Throw.Unless(
            time >= Math.Min(first, reached) && time <= Math.Max(first, reached),
            "Ode.solve",
            $"a time must lie within the span that was solved, {first} to {reached}",
            $"{time}"
        );

    private Buffer[] Inside(Step step, double time)
    {
        var t = new Cell(setup.Problem.Time.DType) { Value = step.Start };
        var h = new Cell(setup.Problem.Time.DType) { Value = step.Size };
        var interpolation = new Interpolation(kernels);
        interpolation.Prepare(t.Buffer, h.Buffer, step.State, captures, step.First, step.LaterStages);
        Buffer[] state = Elements.Zeros(setup.Problem.State);
        interpolation.Write((time - step.Start) / step.Size, step.Size, state, 0);
        GC.KeepAlive(step);
        return state;
    }

    /// <summary>The last step that begins at the time or before it.</summary>
    private Step Find(double time)
    {
        int low = 0;
        int high = steps.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if ((steps[middle].Start - time) * grid.Direction <= 0.0)
                low = middle;
            else
                high = middle - 1;
        }
        return steps[low];
    }

    /// <summary>A step with all that dense output needs.</summary>
    private sealed record Step(double Start, double Size, Buffer[] State, Buffer[] First, Buffer[] LaterStages);
}
