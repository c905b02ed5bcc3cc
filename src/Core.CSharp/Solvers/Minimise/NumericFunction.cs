using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>A compiled function of vectors with its captures, in double whatever its element type.</summary>
internal sealed class NumericFunction
{
    private readonly CompiledFunction compiled;
    private readonly Buffer[] arguments;
    private readonly Buffer[] results;
    private readonly int count;

    /// <param name="function">(vectors, captures) → results.</param>
    /// <param name="captures">The captures.</param>
    public NumericFunction(Graph.Function function, ReadOnlySpan<Buffer> captures)
    {
        compiled = CompiledFunction.For(function);
        count = function.Arguments.Length - captures.Length;
        arguments =
        [
            .. function.Arguments[..count].Select(x => Device.Cpu.Backend.Allocate(x.DType, x.Length)),
            .. captures,
        ];
        results = compiled.AllocateResults();
    }

    /// <summary>The results at some vectors.</summary>
    public double[][] Run(params ReadOnlySpan<double[]> vectors)
    {
        for (int i = 0; i < count; i++)
            Elements.Write(arguments[i], vectors[i]);
        compiled.Run(arguments, results);
        return Array.ConvertAll(results, Elements.ToDoubles);
    }
}
