using Implicit.Runtime;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>
/// A solve with its outputs. The state at any other time can be asked for: then it is solved once more, the same to the bit, and every step kept. So what
/// nobody asks for takes no memory, however many steps there are.
/// </summary>
internal sealed class DenseSolution : IStepObserver
{
    private readonly OdeSetup setup;
    private readonly StepGrid grid;
    private readonly OdeKernels kernels;
    private readonly Buffer[] captures;
    private readonly Buffer[] y0;
    private readonly Buffer[] rows;
    private readonly Lazy<DenseSteps> steps;
    private int outputs;
    private Buffer[] end = [];
    private double reached;

    public DenseSolution(OdeSetup setup)
    {
        this.setup = setup;
        kernels = setup.Problem.Kernels;
        grid = StepGrid.Of(setup.Times.ToArray());
        captures = Array.ConvertAll(setup.Captures, Reading.Force);
        y0 = Array.ConvertAll(setup.Y0, Reading.Force);
        rows = Elements.Zeros(OdeintOp.Trajectories(setup.Problem.State, grid.Times.Length));
        steps = new(() => new DenseSteps(kernels, grid, y0, captures));
    }

    /// <summary>The output times that were reached.</summary>
    public Tensor Times => Tensor.Of(grid.Times[..outputs]);

    /// <summary>Each leaf at these times.</summary>
    public Tensor[] Rows => [.. rows.Select((all, leaf) => Reached(all, setup.Y0[leaf].Shape))];

    public (OdeStatus Status, string Message, OdeStatistics Statistics) Run()
    {
        var driver = new OdeDriver(kernels, grid, y0, captures, this);
        driver.Run();
        end = Elements.Copies(driver.State);
        reached = driver.Time;
        string message =
            driver.Outcome.Status == OdeStatus.Success
                ? FormattableString.Invariant(
                    $"Success: reached t = {grid.Last} in {driver.Statistics.Accepted} steps."
                )
                : driver.Outcome.Message;
        OdeStatistics statistics = driver.Statistics;
        driver.Return();
        return (driver.Outcome.Status, message, statistics);
    }

    public void Accepted(int step, double start, double size, Stepper stepper) { }

    public void Emitted(int output, Stepper stepper, int step, double theta)
    {
        stepper.Write(theta, rows, output);
        outputs++;
    }

    /// <summary>The leaves at a time inside the span that was solved.</summary>
    public Tensor[] At(double time)
    {
        CheckWithin(time, grid.First, reached);
        Buffer[] state =
            time == grid.First ? y0
            : time == reached ? end
            : steps.Value.At(time);
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

    private Tensor Reached(Buffer all, Shape state)
    {
        Buffer reached = outputs == grid.Times.Length ? all : Elements.Row(all, 0, outputs * state.Length);
        return Tensor.Data(reached, state.Prepend(outputs));
    }
}
