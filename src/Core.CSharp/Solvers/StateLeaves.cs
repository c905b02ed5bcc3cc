using Implicit.Graph;
using Implicit.Shapes;
using Implicit.Transforms;

namespace Implicit.Solvers;

/// <summary>What a user's function gives for a state, which must be like the state.</summary>
internal static class StateLeaves
{
    /// <summary>The tensors of what was found, once its form and types were seen to be the state's; plain numbers take them.</summary>
    /// <param name="op">Who asks.</param>
    /// <param name="function">What the function is called in errors.</param>
    /// <param name="found">What it gave.</param>
    /// <param name="state">What that must be like.</param>
    /// <param name="types">The types of the state's tensors.</param>
    public static Tensor[] Of(string op, string function, object? found, object? state, TensorType[] types)
    {
        Tensor[] leaves = Tree.Leaves(found);
        Throw.Unless(
            leaves.Length == types.Length,
            op,
            $"{function} must return as many tensors as the state has ({types.Length})",
            $"{leaves.Length}"
        );
        TreeForm.Require(op, $"{function} must return a tree of the state's form", found, state);
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = leaves[i].As(types[i]);
            Throw.Unless(
                leaves[i].Type == types[i],
                op,
                $"{function} must return the type of the state, {types[i]}{(leaves.Length > 1 ? $" in leaf {i}" : "")}",
                $"{leaves[i].Type}"
            );
        }
        return leaves;
    }
}
