using Implicit.Graph;
using Implicit.Kernels;
using Implicit.Ops;
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
            (Op op, TensorType type) = (structure.Nodes[node].Op, structure.Nodes[node].Type);
            int[] inputs = Array.ConvertAll(structure.InputsOf(node).ToArray(), input => first[input]);
            if (op is BinaryOp binary && Commutes(binary, structure.Nodes[inputs[0]].Type.DType))
                Array.Sort(inputs);
            if (!known.TryAdd((op, new ValueArray<int>(inputs), type), node))
                first[node] = known[(op, new ValueArray<int>(inputs), type)];
        }
        return first;
    }

    /// <summary>Whether an operation is one intrinsic that gives the same for its operands in either order.</summary>
    private static bool Commutes(BinaryOp op, DType dtype)
    {
        (Scalar a, Scalar b) = (new Scalar.Input(0, dtype), new Scalar.Input(1, dtype));
        return op.Body(a, b) is Scalar.Binary { A: Scalar.Input, B: Scalar.Input } body && body.Intrinsic.IsCommutative;
    }
}
