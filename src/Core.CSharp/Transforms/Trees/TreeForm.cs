using Implicit.Graph;
using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>Whether a tree that a function returns holds its tensors where another one does, so that they may take its tensors' places.</summary>
internal static class TreeForm
{
    private const string Nothing = "nothing";

    /// <summary>
    /// The tensors of a tree that must be like another: of its form, with tensors of its types, which plain numbers take.
    /// </summary>
    /// <param name="op">Who asks.</param>
    /// <param name="what">What the tree is called in errors, such as "the cotangent".</param>
    /// <param name="tree">The tree.</param>
    /// <param name="other">What the other one is called.</param>
    /// <param name="like">The other one.</param>
    /// <param name="keeps">As in <see cref="Require"/>.</param>
    public static Tensor[] Leaves(string op, string what, object? tree, string other, object? like, bool keeps = false)
    {
        Tensor[] leaves = Tree.Leaves(tree);
        TensorType[] types = Tensor.Types(Tree.Leaves(like));
        Throw.Unless(
            leaves.Length == types.Length,
            op,
            $"{what} must have as many tensors as {other} ({types.Length})",
            $"{leaves.Length}"
        );
        Require(op, $"{what} must have the form of {other}", tree, like, keeps);
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = leaves[i].As(types[i]);
            Throw.Unless(
                leaves[i].Type == types[i],
                op,
                $"{what} must have the type of {other}, {types[i]}{(leaves.Length > 1 ? $" in leaf {i}" : "")}",
                $"{leaves[i].Type}"
            );
        }
        return leaves;
    }

    /// <summary>Checks a tree against another: the keys, cases and lengths on the way to each tensor.</summary>
    /// <param name="op">Who asks.</param>
    /// <param name="must">What must be so.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="like">What it must be like.</param>
    /// <param name="keeps">Whether what is no tensor, functions too, must be the same, for whoever can hand on tensors only.</param>
    public static void Require(string op, string must, object? tree, object? like, bool keeps = false)
    {
        if (Difference(tree, like, keeps) is { } difference)
            Throw.Error(
                op,
                keeps
                    ? $"{must}, and what is no tensor must be the same (a number that differs must be a tensor, a function is made once, outside)"
                    : must,
                difference
            );
    }

    private static string? Difference(object? tree, object? like, bool keeps)
    {
        if (tree is Tensor && like is Tensor)
            return null;
        if (tree is Tensor != like is Tensor)
            return InPlaceOf(tree, like);
        if (!Equals(Tree.Kind(tree), Tree.Kind(like)))
            return InPlaceOf(tree, like);
        object?[] parts = Tree.Children(tree);
        object?[] expected = Tree.Children(like);
        if (parts.Length == 0 && expected.Length == 0)
            return keeps && !Sameness.Of(tree, like) ? InPlaceOfValue(tree, like) : null;
        if (tree is null || like is null)
            return InPlaceOf(tree, like);
        if (parts.Length != expected.Length)
            return $"{parts.Length} parts in place of {expected.Length}";
        for (int i = 0; i < parts.Length; i++)
            if (Difference(parts[i], expected[i], keeps) is { } difference)
                return difference;
        return null;
    }

    private static string Value(object? part) =>
        part is Array values ? $"[{string.Join(", ", values.Cast<object?>())}]" : $"{part ?? Nothing}";

    /// <summary>Of objects whose texts do not tell them apart, such as functions, that they are not the same.</summary>
    private static string InPlaceOfValue(object? value, object? like)
    {
        (string one, string other) = (Value(value), Value(like));
        return one == other ? $"another {one} than that in its place" : $"{one} in place of {other}";
    }

    private static string InPlaceOf(object? tree, object? like) => $"{Text(tree)} in place of {Text(like)}";

    private static string Text(object? tree) =>
        tree switch
        {
            null => Nothing,
            Tensor => "a tensor",
            _ => Tree.Kind(tree)?.ToString() ?? tree.GetType().Name,
        };
}
