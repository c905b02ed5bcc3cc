using System.Text;

namespace Implicit.Graph;

/// <summary>Graphs as text, one node a line, for debugging.</summary>
internal static class Printer
{
    /// <summary>The nodes of a structure: <c>v2 = multiply(v0, v1) : float64[3]</c>.</summary>
    public static string Text(Structure structure)
    {
        var text = new StringBuilder();
        for (int i = 0; i < structure.Nodes.Length; i++)
        {
            string inputs = string.Join(", ", structure.InputsOf(i).ToArray().Select(input => $"v{input}"));
            text.Append($"v{i} = {Text(structure.Nodes[i].Op)}({inputs}) : {structure.Nodes[i].Type}\n");
        }
        return text.Append($"→ {string.Join(", ", structure.Roots.ToArray().Select(root => $"v{root}"))}").ToString();
    }

    /// <summary>A function: its arguments' types, then its nodes.</summary>
    public static string Text(Function function)
    {
        var arguments = new StringBuilder();
        for (int i = 0; i < function.Arguments.Length; i++)
            arguments
                .Append(
                    i == 0 ? ""
                    : i == function.ParameterCount ? "; "
                    : ", "
                )
                .Append(function.Arguments[i].Type);
        return $"({arguments})\n{Text(function.Structure)}";
    }

    /// <summary>An expression as it would be written, to a depth at which it is told: <c>exp(multiply(2, x))</c>.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="name">The name of a node; null for what is printed by its operation.</param>
    /// <param name="depth">How many operations deep.</param>
    public static string Expression(Tensor node, Func<Tensor, string?> name, int depth = 4)
    {
        if (name(node) is { } known)
            return known;
        if (depth == 0)
            return "…";
        return $"{node.Op.Name}({string.Join(", ", node.InputArray.Select(input => Expression(input, name, depth - 1)))})";
    }

    /// <summary>An operation with its attributes, which are the parameters of its record.</summary>
    public static string Text(Op op)
    {
        string[] attributes =
        [
            .. op.GetType()
                .GetProperties()
                .Where(property => property.CanWrite)
                .Select(property => $"{property.Name} = {property.GetValue(op)}"),
        ];
        return attributes.Length == 0 ? op.Name : $"{op.Name}{{{string.Join(", ", attributes)}}}";
    }
}
