namespace Implicit.Graph;

/// <summary>
/// The structure of a graph, without its data: operations, types and wiring in a canonical order. Graphs of equal structure
/// share one plan. Leaves are numbered in the order in which the walk meets them.
/// </summary>
internal sealed class Structure : IEquatable<Structure>
{
    private readonly int hash;

    private Structure(Op[] ops, TensorType[] types, int[][] inputs, int[] roots)
    {
        Ops = ops;
        Types = types;
        Inputs = inputs;
        Roots = roots;
        hash = ComputeHash();
    }

    /// <summary>One per node, inputs first.</summary>
    public Op[] Ops { get; }

    public TensorType[] Types { get; }

    /// <summary>For each node, the positions of its inputs.</summary>
    public int[][] Inputs { get; }

    /// <summary>The positions of the results.</summary>
    public int[] Roots { get; }

    /// <summary>Reads the structure off a graph; <paramref name="leaf"/> gives the operation of what counts as a leaf.</summary>
    public static Structure Of(NodeOrder order, ReadOnlySpan<Tensor> roots, Func<Tensor, Op?> leaf)
    {
        int count = order.Count;
        var ops = new Op[count];
        var types = new TensorType[count];
        var inputs = new int[count][];
        for (int i = 0; i < count; i++)
        {
            Tensor node = order[i];
            // Another thread may compute the node meanwhile: its value is stored before its inputs go, so read them in this order.
            ReadOnlySpan<Tensor> nodeInputs = node.Inputs;
            Op? leafOp = leaf(node);
            ops[i] = leafOp ?? node.Op;
            types[i] = node.Type;
            inputs[i] = leafOp is null ? Positions(nodeInputs, order) : [];
        }
        return new Structure(ops, types, inputs, Positions(roots, order));
    }

    /// <summary>The types of all results of a tuple node.</summary>
    public TensorType[] ResultTypes(int node) =>
        ((MultiOp)Ops[node]).InferAll([.. Inputs[node].Select(input => Types[input])]);

    public bool Equals(Structure? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is null || hash != other.hash || Ops.Length != other.Ops.Length)
            return false;
        if (!Types.AsSpan().SequenceEqual(other.Types) || !Roots.AsSpan().SequenceEqual(other.Roots))
            return false;
        for (int i = 0; i < Ops.Length; i++)
            if (!Inputs[i].AsSpan().SequenceEqual(other.Inputs[i]) || !SameOp(Ops[i], other.Ops[i]))
                return false;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Structure);

    public override int GetHashCode() => hash;

    public override string ToString() => Printer.Text(this);

    private static bool SameOp(Op a, Op b) => ReferenceEquals(a, b) || a.Equals(b);

    private static int[] Positions(ReadOnlySpan<Tensor> nodes, NodeOrder order)
    {
        int[] positions = new int[nodes.Length];
        for (int i = 0; i < positions.Length; i++)
            positions[i] = order.PlaceOf(nodes[i]);
        return positions;
    }

    private int ComputeHash()
    {
        int code = Ops.Length;
        for (int i = 0; i < Ops.Length; i++)
        {
            code = (code * 31) + Ops[i].GetHashCode();
            code = (code * 31) + Types[i].Shape.GetHashCode() + (int)Types[i].DType;
            foreach (int input in Inputs[i])
                code = (code * 31) + input;
        }
        foreach (int root in Roots)
            code = (code * 31) + root;
        return code;
    }
}

/// <summary>The leaf numbered <paramref name="Number"/> of a <see cref="Structure"/>.</summary>
internal sealed record PlaceholderOp(int Number, bool IsLiteral) : StructuralOp
{
    private static readonly PlaceholderOp[] Inputs =
    [
        .. Enumerable.Range(0, 32).Select(i => new PlaceholderOp(i, false)),
    ];
    private static readonly PlaceholderOp[] Literals =
    [
        .. Enumerable.Range(0, 32).Select(i => new PlaceholderOp(i, true)),
    ];

    public static PlaceholderOp Input(int number) =>
        number < Inputs.Length ? Inputs[number] : new PlaceholderOp(number, IsLiteral: false);

    public static PlaceholderOp Literal(int number) =>
        number < Literals.Length ? Literals[number] : new PlaceholderOp(number, IsLiteral: true);

    public override string Name => "placeholder";
}
