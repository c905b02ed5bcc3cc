using Implicit.Graph;
using Implicit.Kernels;

namespace Implicit.Control;

/// <summary>
/// An operation that code of the library computes, in one kernel. A batch is computed item by item (<see cref="Mapping"/>), unless the operation can do
/// better.
/// </summary>
internal abstract record HostOp : MultiOp
{
    /// <summary>What computes the results.</summary>
    /// <param name="wanted">Which results are read.</param>
    /// <returns>The code, and which results it gives: those that are read, or more.</returns>
    protected abstract (IHostFunction Code, bool[] Given) Host(ReadOnlySpan<bool> wanted);

    /// <remarks>That of a solve is not known.</remarks>
    public override bool IsDegreeKnown => false;

    public override Tensor[] VmapAll(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size) =>
        Mapping.Map(this, inputs, batched, size);

    public sealed override View[] LowerAll(
        IEmitter emitter,
        ReadOnlySpan<View> inputs,
        ReadOnlySpan<TensorType> results,
        ReadOnlySpan<bool> wanted
    )
    {
        (IHostFunction code, bool[] given) = Host(wanted);
        return emitter.Host(code, inputs, results, given);
    }
}
