using Implicit.Graph;
using Implicit.Runtime;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>A compiled linear map (x, captures) → y with its captures.</summary>
internal sealed class BoundMap<T>
    where T : unmanaged
{
    private readonly CompiledFunction compiled;
    private readonly Buffer[] arguments;
    private readonly Buffer[] results;

    public BoundMap(Function map, ReadOnlySpan<Buffer> captures)
    {
        compiled = CompiledFunction.For(map);
        TensorType x = map.Arguments[0].Type;
        arguments = [Device.Cpu.Backend.Allocate(x.DType, x.Shape.Length), .. captures];
        results = compiled.AllocateResults();
    }

    public void Apply(ReadOnlySpan<T> x, Span<T> y)
    {
        arguments[0].Write(x);
        compiled.Run(arguments, results);
        results[0].Read<T>().CopyTo(y);
    }
}
