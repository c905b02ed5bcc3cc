using Implicit.Backends.Cpu;
using Implicit.Control;
using Implicit.Kernels;

namespace Implicit.Solvers.Convex;

/// <summary>
/// What the derivative of a solved batch needs: of small items scaled data, active set and factor, side by side as they were solved; of large ones
/// the factor over the active set. Never differentiated.
/// </summary>
internal sealed class QpRecord(QpSize size, int items, int lanes) : IItemRecord
{
    /// <summary>Numbers in a slab.</summary>
    private const int SlabLength = 1 << 17;

    private readonly QpBlock?[] blocks = new QpBlock?[(items + lanes - 1) / lanes];
    private readonly QpFactor?[] factors = new QpFactor?[lanes == 1 ? items : 0];
    private readonly bool[] areKept = new bool[items];
    private readonly QpStatus[] statuses = new QpStatus[items];
    private readonly double[] margins = new double[items];
    private readonly bool?[] areRegular = new bool?[items];

    private HostBuffer? slab;
    private int used;

    public int Items => items;

    /// <summary>Keeps what lies in the lanes of a block, of which these are the items; −1 for nothing to keep.</summary>
    public unsafe void Keep(ReadOnlySpan<int> laneItems, QpBlock block)
    {
        double** to = stackalloc double*[lanes];
        Span<int> from = stackalloc int[lanes];
        int count = 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            int item = laneItems[lane];
            if (item < 0)
                continue;
            to[count] = Kept(item).Start + (item % lanes);
            from[count++] = lane;
        }
        block.CopyLanes(from[..count], to);
    }

    /// <summary>Keeps the factor of an item alone, in memory that was taken here.</summary>
    public void Keep(int item, QpFactor factor) => (factors[item], areKept[item]) = (factor, true);

    public void Describe(int item, QpStatus status, double margin) =>
        (statuses[item], margins[item]) = (status, margin);

    /// <summary>The block of an item and its neighbours; null if none of them was solved.</summary>
    public QpBlock? Block(int item) => blocks[item / lanes];

    /// <summary>The factor of a large item; null if it was not solved.</summary>
    public QpFactor? Factor(int item) => factors[item];

    /// <summary>Whether an item was solved.</summary>
    public bool IsKept(int item) => areKept[item];

    public QpStatus Status(int item) => statuses[item];

    public double Margin(int item) => margins[item];

    /// <summary>An item of an outer batch is a batch itself. Factors of large items are shared: nobody writes them, and who refers to one keeps its slab.</summary>
    public ObjectBuffer Of(ReadOnlySpan<int> chosen, int count)
    {
        int inner = items / count;
        var some = new QpRecord(size, chosen.Length * inner, lanes);
        for (int i = 0; i < some.Items; i++)
            some.Take(i, this, (chosen[i / inner] * inner) + (i % inner));
        return new ObjectBuffer(some);
    }

    /// <summary>Whether an item's system has one solution for every right side; asked once.</summary>
    public bool IsRegular(int item, Func<bool> ask) => areRegular[item] ??= ask();

    private void Take(int item, QpRecord other, int theirs)
    {
        Describe(item, other.Status(theirs), other.Margin(theirs));
        areRegular[item] = other.areRegular[theirs];
        if (!other.IsKept(theirs))
            return;
        if (lanes == 1)
            Keep(item, other.Factor(theirs)!);
        else
            other.Block(theirs)!.CopyLane(theirs % lanes, Kept(item), item % lanes);
    }

    /// <summary>The block that an item is kept in from now on.</summary>
    private QpBlock Kept(int item)
    {
        areKept[item] = true;
        return blocks[item / lanes] ??= QpBlock.Zeros(size, lanes);
    }

    /// <summary>Memory of a slab for so many numbers: one buffer for many factors.</summary>
    public HostBuffer Take(int count)
    {
        if (slab is null || used + count > slab.Length)
        {
            int rest = areKept.AsSpan().Count(false);
            slab = HostBuffer.Allocate(DType.Float64, (int)Math.Max(count, Math.Min(SlabLength, (long)count * rest)));
            used = 0;
        }
        used += count;
        return slab.Slice(used - count, count);
    }
}
