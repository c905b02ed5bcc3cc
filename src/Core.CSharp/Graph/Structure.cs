namespace Implicit.Graph;

/// <summary>
/// The structure of a graph, without its data: operations, types and wiring in a canonical order. Graphs of equal structure
/// share one plan. Leaves are numbered in the order in which the walk meets them.
/// </summary>
/// <remarks>
/// It is filled node by node, then closed; from then on it stays as it is until it is begun anew. A structure that is only looked up can
/// thus be filled again and again in the same memory; a <see cref="Copy"/> of it may be kept.
/// </remarks>
internal sealed class Structure : IEquatable<Structure>
{
    private Node[] nodes = [];

    /// <summary>The positions of the inputs of all nodes, one node after the other; a node's end at its <see cref="Node.InputEnd"/>.</summary>
    private int[] inputs = [];
    private int[] roots = [];
    private int count;
    private int inputCount;
    private int rootCount;
    private int hash;

    /// <summary>The nodes, inputs first.</summary>
    public ReadOnlySpan<Node> Nodes => nodes.AsSpan(0, count);

    /// <summary>The positions of the results.</summary>
    public ReadOnlySpan<int> Roots => roots.AsSpan(0, rootCount);

    /// <summary>The positions of a node's inputs.</summary>
    public ReadOnlySpan<int> InputsOf(int node) =>
        inputs.AsSpan((node == 0 ? 0 : nodes[node - 1].InputEnd)..nodes[node].InputEnd);

    /// <summary>The types of all results of a tuple node.</summary>
    public TensorType[] ResultTypes(int node)
    {
        ReadOnlySpan<int> positions = InputsOf(node);
        var given = new TensorType[positions.Length];
        for (int i = 0; i < given.Length; i++)
            given[i] = nodes[positions[i]].Type;
        return ((MultiOp)nodes[node].Op).InferAll(given);
    }

    /// <summary>Forgets everything.</summary>
    public void Begin()
    {
        if (count == 0)
            return;
        Array.Clear(nodes, 0, count);
        (count, inputCount, rootCount, hash) = (0, 0, 0, 0);
    }

    /// <summary>Adds a leaf.</summary>
    public void Add(PlaceholderOp leaf, TensorType type)
    {
        Append(leaf, type);
        Mix(leaf.Hash + type.GetHashCode());
    }

    /// <summary>Adds a node; its inputs were added before, at their places in the order.</summary>
    public void Add(Op op, TensorType type, InputList inputNodes, NodeOrder order)
    {
        int first = MakeRoom(inputNodes.Length);
        foreach (Tensor input in inputNodes)
            inputs[inputCount++] = order.PlaceOf(input);
        Append(op, type, first);
    }

    /// <summary>Adds a node whose inputs are at the given places.</summary>
    public void Add(Op op, TensorType type, ReadOnlySpan<int> places)
    {
        int first = MakeRoom(places.Length);
        places.CopyTo(inputs.AsSpan(first));
        inputCount += places.Length;
        Append(op, type, first);
    }

    /// <summary>Names the results.</summary>
    public void Close(ReadOnlySpan<Tensor> results, NodeOrder order)
    {
        if (roots.Length < results.Length)
            roots = new int[results.Length];
        rootCount = results.Length;
        for (int i = 0; i < results.Length; i++)
            Mix(roots[i] = order.PlaceOf(results[i]));
    }

    /// <summary>Names the results by their places.</summary>
    public void Close(ReadOnlySpan<int> places)
    {
        roots = places.ToArray();
        rootCount = places.Length;
        foreach (int root in Roots)
            Mix(root);
    }

    /// <summary>The same structure in memory of its own.</summary>
    public Structure Copy() =>
        new()
        {
            nodes = Nodes.ToArray(),
            inputs = inputs.AsSpan(0, inputCount).ToArray(),
            roots = Roots.ToArray(),
            count = count,
            inputCount = inputCount,
            rootCount = rootCount,
            hash = hash,
        };

    public bool Equals(Structure? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        return other is not null
            && hash == other.hash
            && Roots.SequenceEqual(other.Roots)
            && inputs.AsSpan(0, inputCount).SequenceEqual(other.inputs.AsSpan(0, other.inputCount))
            && HasNodesOf(other);
    }

    public override bool Equals(object? obj) => Equals(obj as Structure);

    public override int GetHashCode() => hash;

    public override string ToString() => Printer.Text(this);

    private bool HasNodesOf(Structure other)
    {
        ReadOnlySpan<Node> own = Nodes;
        ReadOnlySpan<Node> others = other.Nodes;
        if (own.Length != others.Length)
            return false;
        for (int i = 0; i < own.Length; i++)
            if (!own[i].Is(others[i]))
                return false;
        return true;
    }

    /// <summary>Room for some more inputs, and where the first of them goes.</summary>
    private int MakeRoom(int more)
    {
        if (inputs.Length < inputCount + more)
            Array.Resize(ref inputs, Math.Max(32, 2 * (inputCount + more)));
        return inputCount;
    }

    private void Append(Op op, TensorType type, int firstInput)
    {
        int code = op.Hash;
        foreach (int position in inputs.AsSpan(firstInput, inputCount - firstInput))
            code = (code << 5) - code + position;
        Append(op, type);
        Mix(code);
    }

    private void Append(Op op, TensorType type)
    {
        if (count == nodes.Length)
            Array.Resize(ref nodes, Math.Max(16, 2 * count));
        nodes[count++] = new Node(op, type, inputCount);
    }

    private void Mix(int code) => hash = (hash * 31) + code;

    /// <summary>A node: what is done, the type of the result, and where its inputs end.</summary>
    internal readonly struct Node(Op op, TensorType type, int inputEnd)
    {
        public Op Op => op;

        public TensorType Type => type;

        public int InputEnd => inputEnd;

        public bool Is(in Node other) =>
            InputEnd == other.InputEnd && Type == other.Type && (ReferenceEquals(Op, other.Op) || Op.Equals(other.Op));
    }
}
