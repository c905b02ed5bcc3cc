namespace Implicit.Graph;

/// <summary>
/// The degrees of expressions as polynomials of some of the tensors that they are made of. They are read off the operations, so what is said
/// holds for all values; x² − x² counts as of degree 2.
/// </summary>
internal sealed class Degrees
{
    /// <summary>Higher ones are not told apart, so that no sum of them overflows.</summary>
    private const int Largest = 1000;

    private readonly Dictionary<Tensor, int?> known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Degrees of what lies between variables and results.</summary>
    /// <param name="variables">The tensors whose polynomials are meant.</param>
    /// <param name="degrees">Their own degrees: 1, or more for what stands for a polynomial.</param>
    /// <param name="results">The expressions.</param>
    public Degrees(ReadOnlySpan<Tensor> variables, ReadOnlySpan<int> degrees, ReadOnlySpan<Tensor> results)
    {
        Dependent = Walk.Between(variables, results);
        for (int i = 0; i < variables.Length; i++)
            known[variables[i]] = degrees[i];
        foreach (Tensor node in Dependent.Nodes[variables.Length..])
            known[node] = Of(node);
    }

    /// <summary>The variables and what depends on them, inputs first.</summary>
    public NodeOrder Dependent { get; }

    /// <summary>The degree; null for what is no polynomial.</summary>
    public int? this[Tensor node] => known.TryGetValue(node, out int? degree) ? degree : 0;

    /// <summary>The degrees of a closed function's results, for the degrees of its arguments.</summary>
    public static int?[] Of(Function function, ReadOnlySpan<int> arguments)
    {
        var degrees = new Degrees(function.Arguments, arguments, function.Results);
        return Array.ConvertAll(function.Results, result => degrees[result]);
    }

    /// <summary>The highest degree of a closed function's results; null if one is no polynomial.</summary>
    public static int? Highest(Function function, ReadOnlySpan<int> arguments)
    {
        int highest = 0;
        foreach (int? degree in Of(function, arguments))
            if (degree is null)
                return null;
            else
                highest = Math.Max(highest, degree.Value);
        return highest;
    }

    /// <summary>The highest of some degrees.</summary>
    public static int Highest(ReadOnlySpan<int> degrees)
    {
        int highest = 0;
        foreach (int degree in degrees)
            highest = Math.Max(highest, degree);
        return highest;
    }

    private int? Of(Tensor node)
    {
        Span<int> inputs = new int[node.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            if (this[node.Inputs[i]] is { } degree)
                inputs[i] = degree;
            else
                return null;
        if (Highest(inputs) == 0)
            return 0;
        return node.Op.Degree(inputs) is { } found ? Math.Min(found, Largest) : null;
    }
}
