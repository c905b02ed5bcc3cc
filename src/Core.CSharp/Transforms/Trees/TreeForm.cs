using Implicit.Shapes;

namespace Implicit.Transforms;

/// <summary>Whether a tree that a function returns holds its tensors where another one does, so that they may take its tensors' places.</summary>
internal static class TreeForm
{
    /// <summary>Checks a tree against another: the keys, cases and lengths on the way to each tensor.</summary>
    /// <param name="op">Who asks.</param>
    /// <param name="must">What is checked, and must be so.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="like">What it must be like.</param>
    /// <param name="keeps">Whether numbers and texts in it must be equal too, for whoever can hand on tensors only.</param>
    public static void Require(string op, string must, object? tree, object? like, bool keeps = false)
    {
        if (Difference(tree, like, keeps) is { } difference)
            Throw.Error(op, must, difference);
    }

    private static string? Difference(object? tree, object? like, bool keeps)
    {
        if (tree is Tensor && like is Tensor)
            return null;
        if (tree is Tensor != like is Tensor)
            return tree is Tensor ? $"a tensor in place of {Text(like)}" : $"{Text(tree)} in place of a tensor";
        object?[] parts = Tree.Children(tree);
        object?[] expected = Tree.Children(like);
        if (parts.Length == 0 && expected.Length == 0)
            return keeps && !HaveOneValue(tree, like) ? $"{tree} in place of {like}" : null;
        if (Tree.Kind(tree) != Tree.Kind(like))
            return $"{Tree.Kind(tree)} in place of {Tree.Kind(like)}";
        if (parts.Length != expected.Length)
            return $"{parts.Length} parts in place of {expected.Length}";
        for (int i = 0; i < parts.Length; i++)
            if (Difference(parts[i], expected[i], keeps) is { } difference)
                return difference;
        return null;
    }

    /// <summary>Of other objects (functions, say) it cannot be told whether they are the same.</summary>
    private static bool HaveOneValue(object? a, object? b) => !(a is ValueType or string) || a.Equals(b);

    private static string Text(object? tree) => tree is null ? "nothing" : Tree.Kind(tree) ?? tree.GetType().Name;
}
