namespace Implicit.Graph;

/// <summary>
/// A user's function, traced once and closed: parameters, captured tensors and results. What the lambda captured was found,
/// not declared; plain numbers are captures too. Two functions are equal when their structure is.
/// </summary>
internal sealed class Function : IEquatable<Function>
{
    private Function(Tensor[] arguments, int parameterCount, Tensor[] results, Structure structure)
    {
        Arguments = arguments;
        ParameterCount = parameterCount;
        Results = results;
        Structure = structure;
    }

    /// <summary>The stand-ins for the parameters followed by those for the captures.</summary>
    public Tensor[] Arguments { get; }

    public int ParameterCount { get; }

    /// <summary>The results, as expressions of <see cref="Arguments"/> alone.</summary>
    public Tensor[] Results { get; }

    /// <summary>Leaves are numbered as <see cref="Arguments"/>; those that no result uses are not listed.</summary>
    public Structure Structure { get; }

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
        long start = Tensor.Parameter(TensorType.Opaque, trace).Id;
        var standIns = new Tensor[parameters.Length];
        for (int i = 0; i < standIns.Length; i++)
            standIns[i] = Tensor.Parameter(parameters[i], trace);
        Tensor[] results = body(standIns);
        NodeOrder inside = hoist ? Walk.Between(standIns, results) : MadeSince(start, results);
        return Close(standIns, inside, results, trace, out captures);
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
        return FromClosed(standIns, standIns.Length, body(standIns));
    }

    /// <summary>The results on other arguments: the body is built anew on them.</summary>
    public Tensor[] Apply(ReadOnlySpan<Tensor> arguments)
    {
        var known = new NodeMap();
        for (int i = 0; i < arguments.Length; i++)
            known[Arguments[i]] = arguments[i];
        return Rebuild(Walk.Postorder(Results, node => !known.Contains(node)), Results, known);
    }

    public bool Equals(Function? other) =>
        other is not null
        && (
            ReferenceEquals(this, other)
            || (
                ParameterCount == other.ParameterCount
                && Arguments.Length == other.Arguments.Length
                && Structure.Equals(other.Structure)
            )
        );

    public override bool Equals(object? obj) => Equals(obj as Function);

    public override int GetHashCode() => Structure.GetHashCode();

    public override string ToString() => Printer.Text(this);

    /// <summary>The expressions among what the results are made of that are younger than an id, inputs first.</summary>
    private static NodeOrder MadeSince(long start, Tensor[] results)
    {
        var inside = new NodeOrder();
        foreach (Tensor node in Walk.Postorder(results, IsExpression))
            if (IsExpression(node))
                inside.Add(node);
        return inside;

        bool IsExpression(Tensor node) =>
            node.Id > start && node.Value is null && node.Op is not (DataOp or LiteralOp or ParameterOp);
    }

    private static Function Close(
        Tensor[] parameters,
        NodeOrder inside,
        Tensor[] results,
        Trace trace,
        out Tensor[] captures
    )
    {
        var arguments = new List<Tensor>(parameters);
        var known = new NodeMap();
        Dictionary<(LiteralOp, DType), Tensor>? literals = null;
        var found = new List<Tensor>();
        foreach (Tensor parameter in parameters)
            known[parameter] = parameter;
        foreach (Tensor node in inside)
        foreach (Tensor input in node.Inputs)
            Capture(input);
        foreach (Tensor result in results)
            Capture(result);

        Tensor[] closed = Rebuild(inside, results, known);
        captures = [.. found];
        return FromClosed([.. arguments], parameters.Length, closed);

        void Capture(Tensor node)
        {
            if (inside.Contains(node) || known.Contains(node))
                return;
            if (node.Op is LiteralOp number && node.Value is null)
            {
                literals ??= [];
                if (!literals.TryGetValue((number, node.DType), out Tensor? standIn))
                    literals[(number, node.DType)] = standIn = New(node);
                known[node] = standIn;
            }
            else
                known[node] = New(node);
        }

        Tensor New(Tensor node)
        {
            Tensor standIn = Tensor.Parameter(node.Type, trace);
            arguments.Add(standIn);
            found.Add(node);
            return standIn;
        }
    }

    private static Function FromClosed(Tensor[] arguments, int parameterCount, Tensor[] results)
    {
        var numbers = new NodeOrder(arguments);
        NodeOrder order = Walk.Postorder(results, _ => true);
        var structure = new Structure();
        foreach (Tensor node in order)
            if (numbers.PlaceOf(node) is >= 0 and int i)
                structure.Add(PlaceholderOp.Input(i), node.Type);
            else if (node.Op is ParameterOp or DataOp)
                throw new InvalidOperationException("A closed function uses its arguments only.");
            else
                structure.Add(node.Op, node.Type, node.Inputs, order);
        structure.Close(results, order);
        return new Function(arguments, parameterCount, results, structure);
    }

    private static Tensor[] Rebuild(NodeOrder order, ReadOnlySpan<Tensor> results, NodeMap known)
    {
        foreach (Tensor node in order)
            if (!known.Contains(node))
                known[node] = node.Inputs.IsEmpty ? node : Tensor.Make(node.Op, known.StandIns(node.Inputs), node.Type);
        return Substitute(results, known);
    }

    private static Tensor[] Substitute(ReadOnlySpan<Tensor> nodes, NodeMap known)
    {
        var substituted = new Tensor[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
            substituted[i] = known[nodes[i]];
        return substituted;
    }
}
