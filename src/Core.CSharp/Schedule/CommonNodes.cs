using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>Finds what a graph computes twice: the same operation on the same inputs.</summary>
internal static class CommonNodes
{
    /// <summary>For each node the first that computes the same: itself, or an earlier one.</summary>
    public static int[] Of(Structure structure)
    {
        int[] first = new int[structure.Nodes.Length];
        var known = new Dictionary<(Op Op, ValueArray<int> Inputs, TensorType Type), int>();
        for (int node = 0; node < first.Length; node++)
        {
            first[node] = node;
            Op op = structure.Nodes[node].Op;
            // Of operations with several results each node is asked for its own.
            if (op is MultiOp)
                continue;
            int[] inputs = Array.ConvertAll(structure.InputsOf(node).ToArray(), input => first[input]);
            var key = (op, new ValueArray<int>(inputs), structure.Nodes[node].Type);
            if (!known.TryAdd(key, node))
                first[node] = known[key];
        }
        return first;
    }
}
