namespace Implicit.Backends.Cpu;

/// <summary>Which register holds each computed or loaded node; a register is free again after its value's last use.</summary>
internal sealed class Registers
{
    private readonly Node[] nodes;
    private readonly int[] lastUse;
    private readonly Stack<int> free = [];

    /// <param name="nodes">The body.</param>
    /// <param name="computed">What instructions compute, in their order.</param>
    /// <param name="loaded">What is loaded for each block.</param>
    /// <param name="lasting">What is loaded for the first block and stays for all.</param>
    public Registers(Node[] nodes, ReadOnlySpan<int> computed, ReadOnlySpan<int> loaded, ReadOnlySpan<int> lasting)
    {
        this.nodes = nodes;
        Of = new int[nodes.Length];
        Array.Fill(Of, -1);
        lastUse = LastUses(nodes);
        foreach (int node in lasting)
        {
            Of[node] = Count++;
            lastUse[node] = int.MaxValue;
        }
        // What is loaded is there before the first instruction, so it cannot share.
        foreach (int node in loaded)
            Of[node] = Count++;
        foreach (int target in computed)
        {
            Free(target, beforehand: true);
            Of[target] = free.Count > 0 ? free.Pop() : Count++;
            Free(target, beforehand: false);
        }
    }

    /// <summary>The register of each node; −1: none.</summary>
    public int[] Of { get; }

    public int Count { get; private set; }

    /// <summary>
    /// A loop runs forwards, so a target may take the register of an operand whose elements are not smaller; other operands'
    /// registers are free only afterwards.
    /// </summary>
    private void Free(int target, bool beforehand)
    {
        Node n = nodes[target];
        Free(n.A, target, beforehand);
        if (n.B != n.A)
            Free(n.B, target, beforehand);
        if (n.C != n.A && n.C != n.B)
            Free(n.C, target, beforehand);
    }

    private void Free(int node, int target, bool beforehand)
    {
        if (node < 0 || lastUse[node] != target || Of[node] < 0)
            return;
        if (nodes[node].DType.Size >= nodes[target].DType.Size == beforehand)
            free.Push(Of[node]);
    }

    private static int[] LastUses(Node[] nodes)
    {
        int[] last = new int[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
            foreach (int operand in nodes[i].Operands)
                if (operand >= 0)
                    last[operand] = i;
        return last;
    }
}
