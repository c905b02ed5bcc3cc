using System.Numerics;
using Implicit.Control;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Linear;

/// <summary>
/// The products that the items of a batch wait for, computed for all of them at once. A row whose item waits for another product, or has
/// ended, holds zeros. No row changes another by a bit.
/// </summary>
/// <param name="op">The solve.</param>
/// <param name="plans">Its factors.</param>
/// <param name="captures">What the factors captured, in the rows of the items.</param>
internal sealed class KrylovProducts<T>(LinearSolveOp op, KrylovPlans plans, ItemBuffers captures) : IDisposable
    where T : unmanaged, INumber<T>
{
    private readonly Dictionary<Factor, FactorRows> known = [];

    /// <summary>Gives every item that waits for a factor its product.</summary>
    /// <param name="factor">The factor.</param>
    /// <param name="items">The items in their rows.</param>
    public void Compute(Factor factor, List<KrylovItem<T>> items)
    {
        FactorRows rows = RowsOf(factor);
        Span<T> vectors = rows.Vectors<T>();
        int length = vectors.Length / rows.Size;
        for (int row = 0; row < rows.Size; row++)
        {
            Span<T> vector = vectors.Slice(row * length, length);
            if (row < items.Count && items[row].Awaited == factor)
                items[row].Source.CopyTo(vector);
            else
                vector.Clear();
        }
        try
        {
            rows.Run(captures.All);
        }
        catch (Exception error) when (ItemFailures.IsNumerical(error))
        {
            for (int row = 0; row < items.Count; row++)
                if (items[row].Awaited == factor)
                    ComputeAlone(factor, items[row], row);
            return;
        }
        ReadOnlySpan<T> images = rows.Images<T>();
        length = images.Length / rows.Size;
        for (int row = 0; row < items.Count; row++)
            if (items[row].Awaited == factor)
                items[row].Advance(images.Slice(row * length, length));
        GC.KeepAlive(rows);
    }

    public void Dispose()
    {
        foreach (FactorRows rows in known.Values)
            rows.Dispose();
    }

    /// <summary>One item by itself, when one of the batch cannot be computed.</summary>
    private void ComputeAlone(Factor factor, KrylovItem<T> item, int row)
    {
        Buffer[] own = captures.Row(row);
        using FactorRows one = plans.Rows(factor, 1, own);
        item.Source.CopyTo(one.Vectors<T>());
        try
        {
            one.Run(own);
        }
        catch (Exception error) when (op.Reports && ItemFailures.IsNumerical(error))
        {
            item.Break(LinearStatus.Breakdown);
            return;
        }
        catch (Exception error) when (op.Items is not null && ItemFailures.IsNumerical(error))
        {
            throw ItemFailures.Naming(error, item.Number, op.Items.Size);
        }
        item.Advance(one.Images<T>());
    }

    private FactorRows RowsOf(Factor factor)
    {
        if (!known.TryGetValue(factor, out FactorRows? rows) || rows.Size != captures.Size)
            known[factor] = rows = plans.Rows(factor, captures.Size, captures.All, rows);
        return rows;
    }
}
