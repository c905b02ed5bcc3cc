using Implicit.Kernels;
using Implicit.Runtime;
using Implicit.Transforms;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Control;

/// <summary>
/// Buffers of which some have a row for each item of a batch; the items that still run come first. Buffers that others own are only read: the
/// first item that leaves its row makes copies. Records of all items are brought to those of the rows when they are next read.
/// </summary>
internal sealed class ItemBuffers
{
    private readonly Buffer[] buffers;
    private readonly bool[] inRows;
    private readonly int owned;

    /// <summary>The records among the buffers as they were given.</summary>
    private readonly (int Place, Buffer Given)[] records;
    private readonly int given;

    /// <summary>The item of a record that each row belongs to.</summary>
    private int[] items;
    private bool areRecordsOld;
    private bool isOwner;

    /// <param name="buffers">The buffers.</param>
    /// <param name="inRows">Which of them have rows.</param>
    /// <param name="size">The number of rows.</param>
    /// <param name="owned">How many of the first buffers nobody else owns.</param>
    public ItemBuffers(ReadOnlySpan<Buffer> buffers, ReadOnlySpan<bool> inRows, int size, int owned = 0)
    {
        this.owned = owned;
        this.buffers = buffers.ToArray();
        this.inRows = inRows.ToArray();
        Size = given = size;
        records =
        [
            .. Flags.Indices(inRows).Where(i => this.buffers[i] is ObjectBuffer).Select(i => (i, this.buffers[i])),
        ];
        foreach ((int place, _) in records)
            this.inRows[place] = false;
        items = records.Length > 0 ? [.. Enumerable.Range(0, size)] : [];
        // One item alone is computed as a problem of its own.
        areRecordsOld = size == 1;
    }

    /// <summary>The number of rows.</summary>
    public int Size { get; private set; }

    /// <summary>All buffers, for a computation of all rows.</summary>
    public ReadOnlySpan<Buffer> All
    {
        get
        {
            if (areRecordsOld)
                foreach ((int place, Buffer record) in records)
                    buffers[place] = ItemRecords.Of(record, items, given);
            areRecordsOld = false;
            return buffers;
        }
    }

    /// <summary>All buffers, with that row alone of those that have rows.</summary>
    public Buffer[] Row(int row)
    {
        Buffer[] one = [.. buffers];
        for (int i = 0; i < one.Length; i++)
            if (inRows[i])
            {
                int length = buffers[i].Length / Size;
                one[i] = Hosting.Copy(buffers[i], row * length, length);
            }
        foreach ((int place, Buffer record) in records)
            one[place] = ItemRecords.Of(record, [items[row]], given);
        return one;
    }

    /// <summary>Puts a buffer in the place of another one, which it gives back.</summary>
    public Buffer Exchange(int place, Buffer buffer)
    {
        (buffers[place], buffer) = (buffer, buffers[place]);
        return buffer;
    }

    /// <summary>Replaces a row by a copy of another.</summary>
    public void Copy(int from, int to)
    {
        if (from == to)
            return;
        Own();
        for (int i = 0; i < buffers.Length; i++)
            if (inRows[i])
            {
                int length = buffers[i].Length / Size;
                buffers[i].CopyFrom(buffers[i], from * length, to * length, length);
            }
        if (records.Length == 0)
            return;
        items[to] = items[from];
        areRecordsOld = true;
    }

    /// <summary>
    /// Makes some rows the first, and brings the memory down to them once half of it is idle; idle rows are copies of the first, so that nothing which
    /// has failed is computed on.
    /// </summary>
    /// <param name="rows">The rows of the items that run, 1 or more, from the first to the last.</param>
    public void Settle(ReadOnlySpan<int> rows)
    {
        if (Gather(rows))
            return;
        for (int row = 0; row < Size; row++)
            Copy(row < rows.Length ? rows[row] : 0, row);
    }

    /// <summary>
    /// Brings the memory down to some rows, which become the first, where half of it or more would be idle; idle rows then are copies of the first.
    /// </summary>
    /// <param name="rows">The rows of the items that run, 1 or more.</param>
    /// <returns>Whether there was so much to give back.</returns>
    public bool Gather(ReadOnlySpan<int> rows)
    {
        int smaller = Size;
        while (rows.Length <= smaller / 2)
            smaller /= 2;
        if (smaller == Size)
            return false;
        for (int i = 0; i < buffers.Length; i++)
            if (inRows[i])
            {
                Buffer before = Exchange(i, Gathered(buffers[i], rows, smaller));
                if (isOwner || i < owned)
                    before.Release();
            }
        if (records.Length > 0)
        {
            int[] kept = [.. rows, .. Enumerable.Repeat(rows[0], smaller - rows.Length)];
            (items, areRecordsOld) = (Array.ConvertAll(kept, row => items[row]), true);
        }
        (Size, isOwner) = (smaller, true);
        return true;
    }

    private Buffer Gathered(Buffer source, ReadOnlySpan<int> rows, int size)
    {
        int length = source.Length / Size;
        Buffer gathered = Device.Cpu.Backend.Allocate(source.DType, length * size);
        for (int row = 0; row < size; row++)
            gathered.CopyFrom(source, rows[row < rows.Length ? row : 0] * length, row * length, length);
        return gathered;
    }

    private void Own()
    {
        for (int i = owned; i < buffers.Length && !isOwner; i++)
            if (inRows[i])
                buffers[i] = Hosting.Copy(buffers[i], 0, buffers[i].Length);
        isOwner = true;
    }
}
