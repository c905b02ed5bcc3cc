using System.Buffers;
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

    public bool KeepsInputs => false;

    /// <summary>Raises an error if one item does not hold.</summary>
    public abstract void Verify(ReadOnlySpan<double> item, int number, int items);

    public void Run(ReadOnlySpan<Buffer> inputs, Span<Buffer?> outputs)
    {
        (Buffer value, Buffer witness) = (inputs[0], inputs[1]);
        if (witness.DType == DType.Float64)
            Verify(witness.Read<double>());
        else
            Verify(witness.Read<float>());
        outputs[0]!.CopyFrom(value, 0, 0, value.Length);
    }

    private void Verify(ReadOnlySpan<float> witness)
    {
        double[] room = ArrayPool<double>.Shared.Rent(witness.Length);
        try
        {
            for (int i = 0; i < witness.Length; i++)
                room[i] = witness[i];
            Verify(room.AsSpan(0, witness.Length));
        }
        finally
        {
            ArrayPool<double>.Shared.Return(room);
        }
    }

    private void Verify(ReadOnlySpan<double> witness)
    {
        int items = ItemLength == 0 ? 0 : witness.Length / ItemLength;
        for (int i = 0; i < items; i++)
            Verify(witness.Slice(i * ItemLength, ItemLength), i, items);
    }
}
