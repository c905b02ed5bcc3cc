using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>Walks a state along the steps of a record, with dense output inside them.</summary>
internal sealed class GridStepper
{
    private readonly OdeProblem problem;
    private readonly Cell t;
    private readonly Cell h;
    private readonly OdeKernels kernels;
    private readonly Buffer[] arguments;
    private readonly Buffer[] next;
    private readonly double[] numbers;
    private Buffer[] stages = [];
    private Buffer[] output = [];
    private Buffer[] interpolated = [];

    public GridStepper(OdeProblem problem, ReadOnlySpan<Buffer> y0, ReadOnlySpan<Buffer> captures)
    {
        this.problem = problem;
        t = new Cell(problem.Time.DType);
        h = new Cell(problem.Time.DType);
        kernels = problem.Kernels;
        numbers = new double[problem.Method.A.Length];
        Weights = Device.Cpu.Backend.Allocate(problem.Time.DType, problem.Method.A.Length);
        next = kernels.Advance.AllocateResults();
        arguments = [t.Buffer, h.Buffer, .. Elements.Copies(y0), .. captures];
    }

    /// <summary>The current state.</summary>
    public Span<Buffer> State => arguments.AsSpan(2, problem.Leaves);

    /// <summary>t, h, y and the captures of the step last looked at.</summary>
    public ReadOnlySpan<Buffer> Arguments => arguments;

    /// <summary>h·bᵢ(θ) of the output last looked at.</summary>
    public Buffer Weights { get; }

    /// <summary>Looks at a step without taking it.</summary>
    public void At((double Start, double Size) step) => (t.Value, h.Value) = step;

    /// <summary>Takes a step.</summary>
    public void Advance((double Start, double Size) step)
    {
        At(step);
        kernels.Advance.Run(arguments, next);
        for (int leaf = 0; leaf < next.Length; leaf++)
            (arguments[2 + leaf], next[leaf]) = (next[leaf], arguments[2 + leaf]);
    }

    /// <summary>Writes the weights of dense output at a fraction of a step.</summary>
    public void Weigh((double Start, double Size) step, double theta)
    {
        problem.Method.Weigh(theta, step.Size, numbers);
        Elements.Write(Weights, numbers);
    }

    /// <summary>The stages of a step from the current state, for <see cref="Inside"/>.</summary>
    public void Prepare((double Start, double Size) step)
    {
        At(step);
        if (stages.Length == 0)
            stages = kernels.AdvanceDense.AllocateResults();
        kernels.AdvanceDense.Run(arguments, stages);
    }

    /// <summary>The state inside the step that was prepared. The buffers are only lent.</summary>
    public Buffer[] Inside((double Start, double Size) step, double theta)
    {
        Weigh(step, theta);
        if (output.Length == 0)
        {
            output = kernels.Interpolate.AllocateResults();
            interpolated = [Weights, .. State, .. stages.AsSpan(problem.Leaves)];
        }
        State.CopyTo(interpolated.AsSpan(1));
        kernels.Interpolate.Run(interpolated, output);
        return output;
    }
}
