using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>A tree of tensors as one vector.</summary>
internal static class Ravelling
{
    /// <summary>All elements of all leaves, in order, row-major.</summary>
    /// <param name="tree">A tree whose leaves have one element type.</param>
    /// <param name="op">Who ravels, for messages.</param>
    /// <param name="what">What the tree is to the caller.</param>
    /// <returns>[n], and the way back, for any vector of that length.</returns>
    public static (Tensor Vector, Func<Tensor, T> Unravel) Ravel<T>(
        T tree,
        string op = "ravel",
        string what = "the tree"
    )
    {
        Tensor[] leaves = Tree.Leaves(tree);
        Throw.Unless(leaves.Length > 0, op, $"{what} must hold at least one tensor", "none");
        int total = 0;
        foreach (Tensor leaf in leaves)
        {
            Throw.Unless(
                leaf.DType == leaves[0].DType,
                op,
                $"all tensors of {what} must have one element type",
                $"{leaves[0].Type} and {leaf.Type}"
            );
            total += leaf.Length;
        }
        Tensor vector = Tensor.Concat([.. leaves.Select(leaf => Tensor.Reshape(leaf, [leaf.Length]))], 0);
        return (vector, flat => Unravel(tree, leaves, flat, total));
    }

    private static T Unravel<T>(T tree, Tensor[] leaves, Tensor flat, int total)
    {
        Throw.Unless(
            flat.Rank == 1 && flat.Length == total,
            "unravel",
            $"the vector must have the {total} elements of the tree",
            $"{flat.Type}"
        );
        var parts = new Tensor[leaves.Length];
        int start = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            Tensor part = Tensor.Slice(flat, 0, start, start + leaves[i].Length);
            parts[i] = Tensor.Reshape(part, leaves[i].Shape);
            start += leaves[i].Length;
        }
        return Tree.With(tree, parts);
    }
}
