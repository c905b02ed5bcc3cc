using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Computes what a body makes of numbers alone when the body is prepared, by the loops that would compute it in every run: so to their bits.
/// </summary>
internal static unsafe class NumberNodes
{
    /// <summary>Makes such nodes numbers. What they were computed from stays, without a use.</summary>
    public static void Compute(Node[] nodes)
    {
        long[] cells = new long[nodes.Length];
        fixed (long* first = cells)
        fixed (Value* table = new Value[nodes.Length])
            for (int i = 0; i < nodes.Length; i++)
            {
                table[i] = new Value((nint)(first + i), 0);
                if (IsOfNumbers(nodes, nodes[i]))
                {
                    Instruction.Of(nodes, i, isSingle: true).Run(table, 1);
                    if (Elements.Read(nodes[i].DType, table[i].Pointer) is { } number)
                        nodes[i] = new Node(NodeKind.Constant, 0, nodes[i].DType, -1, -1, -1, number);
                }
                if (nodes[i].Kind == NodeKind.Constant)
                    Elements.Write(nodes[i].DType, nodes[i].Number, table[i].Pointer);
            }
    }

    private static bool IsOfNumbers(Node[] nodes, Node node)
    {
        if (!node.IsComputed || MayFail(node))
            return false;
        foreach (int operand in node.Operands)
            if (operand >= 0 && nodes[operand].Kind != NodeKind.Constant)
                return false;
        return true;
    }

    /// <summary>Whether there are numbers of which it cannot be computed: it then fails where it runs.</summary>
    private static bool MayFail(Node node) =>
        node is { Kind: NodeKind.Binary, DType: DType.Int64 }
        && (BinaryIntrinsic)node.Code is (BinaryIntrinsic.Divide or BinaryIntrinsic.Power);
}
