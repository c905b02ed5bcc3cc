using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>
/// The graphs that a thread computed lately, so that one which a loop builds again is checked against the last instead of being ordered, read and
/// looked up. Every node, every wire and everything that decides which values are kept is checked: a graph that passes has the plan.
/// </summary>
internal sealed class KnownGraphs
{
    private const int Places = 256;

    private readonly Known?[] known = new Known?[Places];
    private Tensor?[] nodes = new Tensor?[64];
    private Tensor[] results = new Tensor[4];
    private Buffer[] inputs = new Buffer[16];
    private double[] literals = new double[16];
    private int count;
    private int resultCount;
    private int inputCount;
    private int literalCount;

    /// <summary>What the graph that was recalled last is to compute.</summary>
    public ReadOnlySpan<Tensor> Results => results.AsSpan(0, resultCount);

    /// <summary>What is bound to its inputs.</summary>
    public ReadOnlySpan<Buffer> Inputs => inputs.AsSpan(0, inputCount);

    /// <summary>Its numbers.</summary>
    public ReadOnlySpan<double> Literals => literals.AsSpan(0, literalCount);

    /// <summary>Notes how a graph was computed.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="order">Its nodes, as in the plan's structure.</param>
    /// <param name="root">What was asked for; the plan's first result.</param>
    /// <param name="passed">For each node whether it had been computed on the way before.</param>
    public void Keep(PreparedPlan plan, NodeOrder order, Tensor root, ReadOnlySpan<bool> passed)
    {
        foreach (Tensor node in order)
            if (node.Together is { } siblings && siblings != root.Together)
                return;
        int[] together = Array.ConvertAll(
            root.Together ?? [],
            sibling => IsWanted(sibling) ? order.PlaceOf(sibling) : -1
        );
        known[Place(root)] = new Known(root.Likeness, plan, together, passed.ToArray());
    }

    /// <summary>The plan of a pending graph that is like one computed before; binds its leaves.</summary>
    public PreparedPlan? Recall(Tensor root)
    {
        if (known[Place(root)] is not { } graph || graph.Likeness != root.Likeness || root.Value is not null)
            return null;
        Structure structure = graph.Plan.Structure;
        count = structure.Nodes.Length;
        if (nodes.Length < count)
            nodes = new Tensor?[2 * count];
        nodes[structure.Roots[0]] = root;
        (inputCount, literalCount, resultCount) = (0, 0, 0);
        if (!HasSiblings(root, graph.Together))
            return null;
        // Inputs stand before what they enter: going backward, each node was met by whoever needs it.
        ReadOnlySpan<Structure.Node> expected = structure.Nodes;
        for (int i = count - 1; i >= 0; i--)
        {
            if (nodes[i] is not { } node)
                return null;
            bool isLike = expected[i].Op is PlaceholderOp leaf
                ? IsLike(node, leaf, expected[i].Type)
                : IsLike(node, expected[i].Op, structure.InputsOf(i), graph.Passed[i], root.Together);
            if (!isLike)
                return null;
        }
        for (int i = 0; i < count; i++)
            nodes[i]!.WasPassed = true;
        Collect(structure.Roots);
        return graph.Plan;
    }

    /// <summary>Lets go of all nodes and values.</summary>
    public void Forget()
    {
        Array.Clear(nodes, 0, count);
        Array.Clear(results, 0, resultCount);
        Array.Clear(inputs, 0, inputCount);
        (count, resultCount, inputCount, literalCount) = (0, 0, 0, 0);
    }

    private static int Place(Tensor root) => (root.Likeness ^ (root.Likeness >> 8)) & (Places - 1);

    /// <summary>Whether what was made together with the root is computed with it.</summary>
    private static bool IsWanted(Tensor sibling) =>
        sibling.Value is null && !sibling.IsTraced && sibling.Op is not LiteralOp;

    private bool HasSiblings(Tensor root, int[] places)
    {
        Tensor[] siblings = root.Together ?? [];
        if (siblings.Length != places.Length)
            return false;
        for (int i = 0; i < siblings.Length; i++)
        {
            bool isWanted = IsWanted(siblings[i]);
            if (isWanted != places[i] >= 0 || (isWanted && !Meet(siblings[i], places[i])))
                return false;
        }
        return true;
    }

    private bool IsLike(Tensor node, PlaceholderOp leaf, TensorType type) =>
        node.Type == type && (leaf.IsLiteral ? BindLiteral(node, leaf) : BindInput(node, leaf));

    private bool IsLike(Tensor node, Op op, ReadOnlySpan<int> places, bool wasPassed, Tensor[]? together)
    {
        // Another thread may compute the node meanwhile: its value is stored before its inputs go, so read them in this order.
        ReadOnlySpan<Tensor> given = node.Inputs;
        if (node.Value is not null || node.WasPassed != wasPassed || given.Length != places.Length)
            return false;
        if (node.Together is { } siblings && siblings != together)
            return false;
        if (!ReferenceEquals(node.Op, op) && !node.Op.Equals(op))
            return false;
        for (int i = 0; i < given.Length; i++)
            if (!Meet(given[i], places[i]))
                return false;
        return true;
    }

    /// <summary>Puts a node at a place, where another must not stand already.</summary>
    private bool Meet(Tensor node, int place)
    {
        ref Tensor? there = ref nodes[place];
        if (there is null)
            there = node;
        return ReferenceEquals(there, node);
    }

    private bool BindInput(Tensor node, PlaceholderOp leaf)
    {
        if (node.Value is not { } elements)
            return false;
        if (leaf.Number >= inputs.Length)
            Array.Resize(ref inputs, 2 * (leaf.Number + 1));
        inputs[leaf.Number] = elements;
        inputCount = Math.Max(inputCount, leaf.Number + 1);
        return true;
    }

    private bool BindLiteral(Tensor node, PlaceholderOp leaf)
    {
        if (node.Value is not null || node.Op is not LiteralOp literal)
            return false;
        if (leaf.Number >= literals.Length)
            Array.Resize(ref literals, 2 * (leaf.Number + 1));
        literals[leaf.Number] = literal.Number;
        literalCount = Math.Max(literalCount, leaf.Number + 1);
        return true;
    }

    private void Collect(ReadOnlySpan<int> places)
    {
        if (results.Length < places.Length)
            results = new Tensor[places.Length];
        resultCount = places.Length;
        for (int i = 0; i < places.Length; i++)
            results[i] = nodes[places[i]]!;
    }

    /// <param name="Likeness">The root's.</param>
    /// <param name="Plan">What computes the graph.</param>
    /// <param name="Together">The places of what is computed together with the root; −1 for what needs no computing.</param>
    /// <param name="Passed">For each node whether it had been computed on the way before.</param>
    private sealed record Known(int Likeness, PreparedPlan Plan, int[] Together, bool[] Passed);
}
