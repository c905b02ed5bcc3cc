using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>What is computed of a scalar body: its nodes, with sums joined to products and what is made of numbers alone computed.</summary>
internal static class BodyNodes
{
    /// <summary>The nodes, operands before uses, and which of them something reads.</summary>
    public static Node[] Of(Scalar body, out bool[] isUsed)
    {
        Node[] nodes = ExpressionGraph.Of(body);
        Contraction.Join(nodes);
        NumberNodes.Compute(nodes);
        isUsed = Array.ConvertAll(Contraction.Uses(nodes), count => count > 0);
        isUsed[^1] = true;
        return nodes;
    }
}
