using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>An opaque value that holds something for each item of a batch, and can be brought to some of them.</summary>
internal interface IItemRecord
{
    /// <summary>The record of some of the items in a given order. Of one alone it is what that item leaves when it is computed by itself.</summary>
    /// <param name="chosen">The items, each any number of times.</param>
    /// <param name="count">The number of items in this record.</param>
    ObjectBuffer Of(ReadOnlySpan<int> chosen, int count);
}

/// <summary>One record for each item.</summary>
internal sealed class ItemRecords(Buffer[] records) : IItemRecord, IDisposable
{
    /// <summary>The record of some items of a batch.</summary>
    public static ObjectBuffer Of(Buffer record, ReadOnlySpan<int> items, int size) =>
        ((IItemRecord)((ObjectBuffer)record).Value).Of(items, size);

    /// <summary>Puts an item's record in its place.</summary>
    public void Put(int item, Buffer record) => records[item] = record;

    /// <summary>The records are still owned by this one: that of some of them is lent to a computation within its run, and never disposed.</summary>
    public ObjectBuffer Of(ReadOnlySpan<int> chosen, int count)
    {
        if (chosen.Length == 1)
            return (ObjectBuffer)records[chosen[0]];
        var some = new Buffer[chosen.Length];
        for (int i = 0; i < some.Length; i++)
            some[i] = records[chosen[i]];
        return new ObjectBuffer(new ItemRecords(some));
    }

    /// <summary>Disposes of the records of all items.</summary>
    public void Dispose() => Buffer.Release(records);
}
