namespace Implicit.Ops;

/// <summary>What batching rules share. The batch axis is always the first.</summary>
internal static class Batching
{
    /// <summary>Inserts axes of 1 after the batch axis until each item has the given rank.</summary>
    public static Tensor PadRank(Tensor batch, int itemRank)
    {
        int missing = itemRank - (batch.Rank - 1);
        if (missing == 0)
            return batch;
        int[] extents = [batch.Shape[0], .. Enumerable.Repeat(1, missing), .. batch.Shape.Skip(1)];
        return Tensor.Reshape(batch, extents);
    }

    /// <summary>Repeats an input that has no batch axis, so that all inputs have one.</summary>
    public static Tensor Materialise(Tensor input, bool batched, int size) =>
        batched ? input : Tensor.Expand(input, input.Shape.Prepend(size));

    /// <summary>All inputs with a batch axis.</summary>
    public static Tensor[] Materialise(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<bool> batched, int size)
    {
        var all = new Tensor[inputs.Length];
        for (int i = 0; i < all.Length; i++)
            all[i] = Materialise(inputs[i], batched[i], size);
        return all;
    }
}
