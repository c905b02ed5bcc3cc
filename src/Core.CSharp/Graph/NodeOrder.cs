using System.Collections;

namespace Implicit.Graph;

/// <summary>Different nodes in the order in which they were added, and the place of each: an array with a hash table over it.</summary>
internal sealed class NodeOrder : IReadOnlyList<Tensor>
{
    private const int LargestKept = 1024;

    [ThreadStatic]
    private static NodeOrder? idle;

    private Tensor[] nodes = new Tensor[16];

    /// <summary>1 + place, where the node's id leads to by open addressing; 0 is free. Never more than half full.</summary>
    private int[] table = new int[32];

    private NodeOrder? next;

    public NodeOrder() { }

    /// <summary>An order that begins with the given nodes, each once.</summary>
    public NodeOrder(ReadOnlySpan<Tensor> given) => Begin(given);

    public int Count { get; private set; }

    /// <summary>How many nodes the order began with.</summary>
    public int GivenCount { get; private set; }

    public Tensor this[int place] => nodes[place];

    public ReadOnlySpan<Tensor> Nodes => nodes.AsSpan(0, Count);

    public ReadOnlySpan<Tensor>.Enumerator GetEnumerator() => Nodes.GetEnumerator();

    IEnumerator<Tensor> IEnumerable<Tensor>.GetEnumerator() => nodes.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => nodes.Take(Count).GetEnumerator();

    public bool Contains(Tensor node) => PlaceOf(node) >= 0;

    /// <summary>An empty order, in memory that the thread keeps. Who is the last to read it may <see cref="Return"/> it.</summary>
    public static NodeOrder Rent()
    {
        NodeOrder order = idle ?? new NodeOrder();
        idle = order.next;
        return order;
    }

    /// <summary>Keeps the memory for the next order.</summary>
    public void Return()
    {
        Clear();
        next = idle;
        idle = this;
    }

    /// <summary>Begins an empty order with the given nodes, each once.</summary>
    public void Begin(ReadOnlySpan<Tensor> given)
    {
        foreach (Tensor node in given)
            Add(node);
        GivenCount = Count;
    }

    /// <summary>Forgets all nodes and keeps the memory, unless it is much.</summary>
    public void Clear()
    {
        if (nodes.Length > LargestKept)
            (nodes, table) = (new Tensor[16], new int[32]);
        else
        {
            foreach (Tensor node in Nodes)
                Free((int)node.Id & (table.Length - 1));
            Array.Clear(nodes, 0, Count);
        }
        (Count, GivenCount) = (0, 0);
    }

    /// <summary>The node's place, or −1.</summary>
    public int PlaceOf(Tensor node) => table[Cell(node)] - 1;

    /// <summary>Adds a node at the end; false if it was there already.</summary>
    public bool Add(Tensor node)
    {
        int cell = Cell(node);
        if (table[cell] != 0)
            return false;
        if (Count == nodes.Length)
        {
            Grow();
            cell = Cell(node);
        }
        nodes[Count++] = node;
        table[cell] = Count;
        return true;
    }

    /// <summary>The cell that holds the node, or the free one where it belongs. Nodes made one after the other lie side by side.</summary>
    private int Cell(Tensor node)
    {
        int[] cells = table;
        Tensor[] all = nodes;
        int cell = (int)node.Id & (cells.Length - 1);
        for (int place = cells[cell]; place != 0 && !ReferenceEquals(all[place - 1], node); place = cells[cell])
            cell = (cell + 1) & (cells.Length - 1);
        return cell;
    }

    /// <summary>Frees what is taken from a cell on: done from where the id of each node leads to, it frees all, wherever it begins.</summary>
    private void Free(int cell)
    {
        for (; table[cell] != 0; cell = (cell + 1) & (table.Length - 1))
            table[cell] = 0;
    }

    private void Grow()
    {
        Array.Resize(ref nodes, 2 * nodes.Length);
        table = new int[2 * nodes.Length];
        for (int place = 0; place < Count; place++)
            table[Cell(nodes[place])] = place + 1;
    }
}
