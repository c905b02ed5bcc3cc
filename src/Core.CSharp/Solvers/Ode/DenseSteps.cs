using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>All steps of a solve with their stages, and the state between their ends.</summary>
internal sealed class DenseSteps : IStepObserver
{
    private readonly OdeKernels kernels;
    private readonly Buffer[] captures;
    private readonly double direction;
    private readonly List<Step> steps = [];

    /// <summary>Solves.</summary>
    public DenseSteps(OdeKernels kernels, StepGrid grid, Buffer[] y0, Buffer[] captures)
    {
        (this.kernels, this.captures, direction) = (kernels, captures, grid.Direction);
        var driver = new OdeDriver(kernels, grid, y0, captures, this);
        driver.Run();
        driver.Return();
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

    public void Emitted(int output, Stepper stepper, int step, double theta) { }

    /// <summary>The leaves of the state at a time.</summary>
    public Buffer[] At(double time)
    {
        Step step = Find(time);
        OdeProblem problem = kernels.Problem;
        var t = new Cell(problem.Time.DType) { Value = step.Start };
        var h = new Cell(problem.Time.DType) { Value = step.Size };
        var interpolation = new Interpolation(kernels);
        interpolation.Prepare(t.Buffer, h.Buffer, step.State, captures, step.First, step.LaterStages);
        Buffer[] state = Elements.Zeros(problem.State);
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
            if ((steps[middle].Start - time) * direction <= 0.0)
                low = middle;
            else
                high = middle - 1;
        }
        return steps[low];
    }

    /// <summary>A step with all that dense output needs.</summary>
    private sealed record Step(double Start, double Size, Buffer[] State, Buffer[] First, Buffer[] LaterStages);
}
