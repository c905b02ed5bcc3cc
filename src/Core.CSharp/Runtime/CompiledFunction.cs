using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>
/// A closed function bound to its plan: buffers in, buffers out, without a graph. Solvers call it once per step.
/// </summary>
internal sealed class CompiledFunction
{
    private readonly PreparedPlan plan;

    private CompiledFunction(PreparedPlan plan)
    {
        this.plan = plan;
    }

    /// <summary>The types of the results.</summary>
    public TensorType[] ResultTypes => plan.Plan.Outputs;

    /// <summary>The function's plan, found again if one of equal structure was made before.</summary>
    public static CompiledFunction For(Function function) => new(Device.Cpu.Plans[function.Structure]);

    /// <summary>Memory for all results.</summary>
    public Buffer[] AllocateResults()
    {
        var results = new Buffer[ResultTypes.Length];
        AllocateResults(results);
        return results;
    }

    /// <summary>Fills in memory for all results.</summary>
    public void AllocateResults(Span<Buffer> results)
    {
        for (int i = 0; i < results.Length; i++)
            results[i] = Device.Cpu.Backend.Allocate(ResultTypes[i].DType, ResultTypes[i].Shape.Length);
    }

    /// <summary>
    /// Computes the results into buffers of their types. A result buffer must not be an argument of the same call.
    /// </summary>
    /// <param name="arguments">Parameters, then captures.</param>
    /// <param name="results">One buffer per result; those of opaque results are filled in.</param>
    public void Run(ReadOnlySpan<Buffer> arguments, Span<Buffer> results) =>
        plan.Executable.Run(arguments, [], results!);
}
