using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Ops;

/// <summary>
/// Something that must hold of computed numbers, where otherwise a result would be silently wrong. As a host function it reads the
/// value and a witness, checks each item of the witness, and hands the value on.
/// </summary>
internal abstract record Requirement : IHostFunction
{
    /// <summary>How many trailing axes of the witness make one item.</summary>
    public virtual int ItemRank => 0;

    /// <summary>The length of an item, filled in when the operation is lowered.</summary>
    public int ItemLength { get; init; } = 1;

    /// <summary>Raises an error if one item does not hold.</summary>
    public abstract void Verify(ReadOnlySpan<double> item, int number, int items);

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        ReadOnlySpan<double> witness =
            inputs[1].DType == DType.Float64
                ? inputs[1].Read<double>()
                : Array.ConvertAll(inputs[1].Read<float>().ToArray(), x => (double)x);
        int items = ItemLength == 0 ? 0 : witness.Length / ItemLength;
        for (int i = 0; i < items; i++)
            Verify(witness.Slice(i * ItemLength, ItemLength), i, items);
        if (inputs[0].DType == DType.Float64)
            outputs[0]!.Write(inputs[0].Read<double>());
        else
            outputs[0]!.Write(inputs[0].Read<float>());
    }
}
