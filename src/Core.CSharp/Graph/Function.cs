namespace Implicit.Graph;

/// <summary>
/// A user's function, traced once and closed: parameters, captured tensors and results. What the lambda captured was found,
/// not declared; plain numbers are captures too. Two functions are equal when their structure is, and the types of their arguments, used or not.
/// </summary>
internal sealed class Function : IEquatable<Function>
{
    /// <summary>The nodes of the structure.</summary>
    private readonly Tensor[]? nodes;

    /// <param name="arguments">Stand-ins of the structure's inputs.</param>
    /// <param name="parameterCount">How many of them stand for parameters.</param>
    /// <param name="structure">What is computed of them.</param>
    /// <param name="tracer">Who traced it.</param>
    public Function(Tensor[] arguments, int parameterCount, Structure structure, string tracer)
    {
        Arguments = arguments;
        ParameterCount = parameterCount;
        Structure = structure;
        Tracer = tracer;
        nodes = Body(arguments);
        Results = ResultsIn(nodes);
    }

    /// <summary>The stand-ins for the parameters followed by those for the captures.</summary>
    public Tensor[] Arguments { get; }

    public int ParameterCount { get; }

    /// <summary>The results, as expressions of <see cref="Arguments"/> alone.</summary>
    public Tensor[] Results { get; }

    /// <summary>Leaves are numbered as <see cref="Arguments"/>; those that no result uses are not listed.</summary>
    public Structure Structure { get; }

    /// <summary>The transform or solver that traced it, for messages.</summary>
    public string Tracer { get; }

    /// <summary>Runs <paramref name="body"/> on stand-ins and closes over what it captured.</summary>
    /// <param name="name">Who traces, for messages.</param>
    /// <param name="parameters">The types of the parameters.</param>
    /// <param name="body">The user's function.</param>
    /// <param name="captures">The captured tensors, in the order of the arguments that stand for them.</param>
    /// <param name="hoist">
    /// Whether what the body computes from captures alone is computed outside, once, and captured in its place: right for loops, wrong for
    /// what may not run at all.
    /// </param>
    public static Function Trace(
        string name,
        ReadOnlySpan<TensorType> parameters,
        Func<Tensor[], Tensor[]> body,
        out Tensor[] captures,
        bool hoist = true
    )
    {
        using Trace trace = Graph.Trace.Abstract(name);
        long start = Tensor.NextAge();
        var standIns = new Tensor[parameters.Length];
        for (int i = 0; i < standIns.Length; i++)
            standIns[i] = Tensor.Parameter(parameters[i], trace);
        Tensor[] results = body(standIns);
        NodeOrder inside = hoist ? Walk.Between(standIns, results) : MadeSince(start, results);
        return Closing.Close(standIns, inside, results, trace, out captures);
    }

    /// <summary>
    /// Runs a rule of the library on stand-ins. It uses nothing but its parameters and plain numbers; the numbers are part of the
    /// rule and stay in the body.
    /// </summary>
    public static Function TraceClosed(string name, ReadOnlySpan<TensorType> parameters, Func<Tensor[], Tensor[]> body)
    {
        using Trace trace = Graph.Trace.Abstract(name);
        var standIns = new Tensor[parameters.Length];
        for (int i = 0; i < standIns.Length; i++)
            standIns[i] = Tensor.Parameter(parameters[i], trace);
        Tensor[] results = body(standIns);
        Function function = Closing.Close(standIns, All(results), results, trace, out Tensor[] captures);
        return captures.Length == 0
            ? function
            : throw new InvalidOperationException("A closed function uses its arguments only.");
    }

    /// <summary>The results on other arguments: the body is built anew on them.</summary>
    public Tensor[] Apply(ReadOnlySpan<Tensor> arguments) => ResultsIn(Body(arguments));

    public bool Equals(Function? other) =>
        other is not null
        && (
            ReferenceEquals(this, other)
            || (
                ParameterCount == other.ParameterCount
                && Arguments.Length == other.Arguments.Length
                && Structure.Equals(other.Structure)
                && BeginsWithTypesOf(other.Arguments)
            )
        );

    public override bool Equals(object? obj) => Equals(obj as Function);

    public override int GetHashCode() => Structure.GetHashCode();

    public override string ToString() => Printer.Text(this);

    /// <summary>
    /// The expressions among what the results are made of that are younger than an id, inputs first. What another thread made may be among them though
    /// it is older, and is then computed again.
    /// </summary>
    private static NodeOrder MadeSince(long start, Tensor[] results)
    {
        NodeOrder inside = NodeOrder.Rent();
        foreach (Tensor node in Walk.Postorder(results, IsExpression))
            if (IsExpression(node))
                inside.Add(node);
        return inside;

        bool IsExpression(Tensor node) =>
            node.Id > start && node.Value is null && node.Op is not (DataOp or LiteralOp or ParameterOp);
    }

    /// <summary>What the results are made of, numbers among it, inputs first.</summary>
    private static NodeOrder All(Tensor[] results)
    {
        NodeOrder inside = NodeOrder.Rent();
        foreach (Tensor node in Walk.Postorder(results, _ => true))
            if (node.Op is not (ParameterOp or DataOp))
                inside.Add(node);
        return inside;
    }

    /// <summary>The nodes of the structure on arguments. What has no inputs is the same on all.</summary>
    private Tensor[] Body(ReadOnlySpan<Tensor> arguments)
    {
        ReadOnlySpan<Structure.Node> expected = Structure.Nodes;
        var body = new Tensor[expected.Length];
        for (int i = 0; i < body.Length; i++)
            body[i] =
                expected[i].Op is PlaceholderOp leaf ? arguments[leaf.Number]
                : nodes is not null && Structure.InputsOf(i).IsEmpty ? nodes[i]
                : Tensor.Make(expected[i].Op, InputList.At(Structure.InputsOf(i), body), expected[i].Type);
        return body;
    }

    /// <summary>Whether the first arguments have the types of others.</summary>
    public bool BeginsWithTypesOf(ReadOnlySpan<Tensor> others)
    {
        for (int i = 0; i < others.Length; i++)
            if (Arguments[i].Type != others[i].Type)
                return false;
        return true;
    }

    private Tensor[] ResultsIn(Tensor[] body) => Array.ConvertAll(Structure.Roots.ToArray(), root => body[root]);
}
