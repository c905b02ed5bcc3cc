using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Ode;

/// <summary>The cotangents d and k̄ that outputs inside a step give to its beginning and to all stages.</summary>
internal sealed class DenseCotangents
{
    private readonly OdeProblem problem;
    private readonly CompiledFunction spread;
    private readonly Buffer weights;
    private readonly double[] numbers;
    private readonly Buffer[] arguments;
    private readonly Buffer[] own;
    private Buffer[] current;
    private Buffer[] next;

    public DenseCotangents(OdeProblem problem, Buffer[] row)
    {
        this.problem = problem;
        spread = problem.Kernels.Spread;
        numbers = new double[problem.Method.A.Length];
        weights = Device.Cpu.Backend.Allocate(problem.Time.DType, numbers.Length);
        current = spread.AllocateResults();
        next = spread.AllocateResults();
        arguments = [weights, .. row, .. current];
        own = HasExtraStages ? Elements.Zeros(GridFunctions.StageTypes(problem, problem.Method.Stages)) : [];
    }

    private bool HasExtraStages => problem.Method.A.Length > problem.Method.Stages;

    /// <summary>Gives its memory back to the pool.</summary>
    public void Release()
    {
        Buffer.Release(current);
        Buffer.Release(next);
        Buffer.Release(own);
    }

    public void Clear()
    {
        foreach (Buffer cotangent in current)
            cotangent.Clear();
    }

    /// <summary>Adds what the row, the cotangent of an output at fraction θ of a step, gives.</summary>
    public void Add(double theta, double size)
    {
        problem.Method.Weigh(theta, size, numbers);
        Elements.Write(weights, numbers);
        current.CopyTo(arguments, arguments.Length - current.Length);
        spread.Run(arguments, next);
        (current, next) = (next, current);
    }

    /// <summary>d and the cotangents of the stages that the step itself has.</summary>
    public ReadOnlySpan<Buffer> OfStep(
        StepTransposes transposes,
        (double Start, double Size) step,
        ReadOnlySpan<Buffer> beginning,
        ReadOnlySpan<Buffer> results
    )
    {
        if (!HasExtraStages)
            return current;
        ReadOnlySpan<Buffer> laterStages = results.Slice(problem.Leaves, problem.Leaves * (problem.Method.Stages - 1));
        transposes.DenseStages(step, beginning, laterStages, current, own);
        return own;
    }
}
