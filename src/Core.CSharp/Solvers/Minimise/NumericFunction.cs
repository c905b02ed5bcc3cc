using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Solvers.Minimise;

/// <summary>A compiled function of vectors with its captures, in double whatever its element type.</summary>
internal sealed class NumericFunction
{
    private readonly CompiledFunction compiled;
    private readonly Buffer[] arguments;
    private readonly Buffer[] results;
    private readonly double[][] found;
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
        found = Array.ConvertAll(results, result => new double[result.Length]);
    }

    /// <summary>The results at some vectors, in memory that the next call takes.</summary>
    public double[][] Run(params ReadOnlySpan<double[]> vectors)
    {
        for (int i = 0; i < count; i++)
            Elements.Write(arguments[i], vectors[i]);
        compiled.Run(arguments, results);
        for (int i = 0; i < found.Length; i++)
            Elements.Read(results[i], found[i]);
        return found;
    }
}
