using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Joins a product that is used once, by a sum, with it into one instruction.</summary>
internal static class Contraction
{
    /// <summary>Joins the sums in place; products that are not needed any more stay, without a use.</summary>
    public static void Join(Node[] joined)
    {
        ReadOnlySpan<Node> nodes = [.. joined];
        int[] uses = Uses(nodes);
        for (int i = 0; i < nodes.Length; i++)
        {
            Node sum = nodes[i];
            if (sum.Kind != NodeKind.Binary || sum.Code != (int)BinaryIntrinsic.Add || !sum.DType.IsFloat)
                continue;
            if (IsLoneProduct(nodes, uses, sum.A))
                joined[i] = Join(nodes[sum.A], sum.B);
            else if (IsLoneProduct(nodes, uses, sum.B))
                joined[i] = Join(nodes[sum.B], sum.A);
        }
    }

    /// <summary>How often each node is read by others.</summary>
    public static int[] Uses(ReadOnlySpan<Node> nodes)
    {
        int[] uses = new int[nodes.Length];
        foreach (Node node in nodes)
        foreach (int operand in node.Operands)
            if (operand >= 0)
                uses[operand]++;
        return uses;
    }

    private static bool IsLoneProduct(ReadOnlySpan<Node> nodes, int[] uses, int node) =>
        nodes[node] is { Kind: NodeKind.Binary, Code: (int)BinaryIntrinsic.Multiply } && uses[node] == 1;

    private static Node Join(Node product, int addend) =>
        new(NodeKind.MultiplyAdd, 0, product.DType, product.A, product.B, addend, 0);
}
