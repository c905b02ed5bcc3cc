using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
using Implicit.Transforms;

namespace Implicit.Control;

/// <summary>
/// A function of the library that has a loop of its own, where a plan of its kernels would pass over the same memory many times. What it
/// computes is said by the function, and so are its derivatives; the loop agrees with it up to rounding.
/// </summary>
/// <param name="Meaning">The function; all results are floating-point.</param>
/// <param name="Loop">Computes its results. It finds the number of items from the lengths of the buffers, and treats each as if alone.</param>
internal sealed record FusedOp(Function Meaning, IHostFunction Loop) : DefinedOp
{
    public override string Name => "fused";

    public override Function Definition(TensorType[] inputs) => Meaning;

    public override TensorType[] InferAll(ReadOnlySpan<TensorType> inputs) => Meaning.ResultTypes;

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Tensor.ApplyMany(
            this with
            {
                Meaning = Meaning.Vmap(Flags.All(inputs.Length), size),
            },
            Batching.Materialise(inputs, batched, size)
        );

    protected override (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted) =>
        (Loop, Flags.All(wanted.Length));
}
