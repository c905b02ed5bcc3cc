namespace Implicit.Backends.Cpu;

/// <summary>Which register holds each node of a body; a register is free again after its value's last use.</summary>
internal sealed class Registers
{
    private readonly int[] lastUse;
    private readonly Stack<int> free = [];

    public Registers(Node[] nodes, ReadOnlySpan<Instruction> body, ReadOnlySpan<int> loaded)
    {
        Of = new int[nodes.Length];
        Array.Fill(Of, -1);
        lastUse = LastUses(nodes);
        // What is loaded is there before the first instruction, so it cannot share.
        foreach (int node in loaded)
            Of[node] = Count++;
        foreach (Instruction instruction in body)
        {
            Node node = instruction.Node;
            int target = free.Count > 0 ? free.Pop() : Count++;
            Of[instruction.Target] = target;
            Free(node.A, instruction.Target);
            if (node.B != node.A)
                Free(node.B, instruction.Target);
            if (node.C != node.A && node.C != node.B)
                Free(node.C, instruction.Target);
        }
    }

    /// <summary>The register of each node; −1: none.</summary>
    public int[] Of { get; }

    public int Count { get; private set; }

    private void Free(int node, int at)
    {
        if (node >= 0 && lastUse[node] == at && Of[node] >= 0)
            free.Push(Of[node]);
    }

    private static int[] LastUses(Node[] nodes)
    {
        int[] last = new int[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
            foreach (int operand in (ReadOnlySpan<int>)[nodes[i].A, nodes[i].B, nodes[i].C])
                if (operand >= 0)
                    last[operand] = i;
        return last;
    }
}
