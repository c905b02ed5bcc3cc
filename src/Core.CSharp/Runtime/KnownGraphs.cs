using System.Runtime.CompilerServices;
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
    private Tensor?[] many = [];
    private Tensor[] results = new Tensor[4];
    private Buffer[] inputs = new Buffer[16];
    private double[] literals = new double[16];
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
        Few few = default;
        Span<Tensor?> met = few;
        met = structure.Nodes.Length <= met.Length ? met[..structure.Nodes.Length] : Many(structure.Nodes.Length);
        met[structure.Roots[0]] = root;
        (inputCount, literalCount, resultCount) = (0, 0, 0);
        if (!HasSiblings(root, graph.Together, met) || !Fits(graph, root.Together, met))
            return null;
        // Leaves that threads share are not written again.
        foreach (Tensor? node in met)
            if (!node!.WasPassed)
                node.WasPassed = true;
        Collect(structure.Roots, met);
        return graph.Plan;
    }

    /// <summary>Lets go of all nodes and values.</summary>
    public void Forget()
    {
        Array.Clear(many);
        Array.Clear(results, 0, resultCount);
        Array.Clear(inputs, 0, inputCount);
        (resultCount, inputCount, literalCount) = (0, 0, 0);
    }

    private static int Place(Tensor root) => (root.Likeness ^ (root.Likeness >> 8)) & (Places - 1);

    /// <summary>Whether what was made together with the root is computed with it.</summary>
    private static bool IsWanted(Tensor sibling) =>
        sibling.Value is null && !sibling.IsTraced && sibling.Op is not LiteralOp;

    private Span<Tensor?> Many(int count)
    {
        if (many.Length < count)
            many = new Tensor?[2 * count];
        return many.AsSpan(0, count);
    }

    private static bool HasSiblings(Tensor root, int[] places, Span<Tensor?> met)
    {
        Tensor[] siblings = root.Together ?? [];
        if (siblings.Length != places.Length)
            return false;
        for (int i = 0; i < siblings.Length; i++)
        {
            bool isWanted = IsWanted(siblings[i]);
            if (isWanted != places[i] >= 0 || (isWanted && !Meet(siblings[i], places[i], met)))
                return false;
        }
        return true;
    }

    /// <summary>Whether the nodes that are met from the results on are those of the structure. Binds the leaves.</summary>
    private bool Fits(Known graph, Tensor[]? together, Span<Tensor?> met)
    {
        ReadOnlySpan<Structure.Node> expected = graph.Plan.Structure.Nodes;
        ReadOnlySpan<int> places = graph.Plan.Structure.Inputs;
        ReadOnlySpan<bool> passed = graph.Passed;
        // Inputs stand before what they enter: going backward, each node was met by whoever needs it.
        for (int i = expected.Length - 1; i >= 0; i--)
        {
            if (met[i] is not { } node)
                return false;
            if (expected[i].Op is PlaceholderOp leaf)
            {
                if (
                    node.Type != expected[i].Type
                    || !(leaf.IsLiteral ? BindLiteral(node, leaf) : BindInput(node, leaf))
                )
                    return false;
                continue;
            }
            // Another thread may compute the node meanwhile: its value is stored before its inputs go, so read them in this order.
            InputList given = node.InputsAsWritten;
            if (node.Value is not null || node.WasPassed != passed[i] || !IsLike(node, expected[i].Op, together))
                return false;
            int start = i == 0 ? 0 : expected[i - 1].InputEnd;
            if (!Meet(given, places[start..expected[i].InputEnd], met))
                return false;
        }
        return true;
    }

    private static bool IsLike(Tensor node, Op op, Tensor[]? together) =>
        (ReferenceEquals(node.Op, op) || node.Op.Equals(op))
        && (node.Together is not { } siblings || siblings == together);

    private static bool Meet(InputList given, ReadOnlySpan<int> places, Span<Tensor?> met)
    {
        if (given.Length != places.Length)
            return false;
        if (given.All is { } all)
        {
            for (int i = 0; i < all.Length; i++)
                if (!Meet(all[i], places[i], met))
                    return false;
            return true;
        }
        return (given.First is not { } first || Meet(first, places[0], met))
            && (given.Second is not { } second || Meet(second, places[1], met));
    }

    /// <summary>Puts a node at a place, where another must not stand already.</summary>
    private static bool Meet(Tensor node, int place, Span<Tensor?> met)
    {
        ref Tensor? there = ref met[place];
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
        inputs.AsSpan()[leaf.Number] = elements;
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

    private void Collect(ReadOnlySpan<int> places, ReadOnlySpan<Tensor?> met)
    {
        if (results.Length < places.Length)
            results = new Tensor[places.Length];
        resultCount = places.Length;
        for (int i = 0; i < places.Length; i++)
            results[i] = met[places[i]]!;
    }

    /// <summary>What was met at the places of a small graph, on the stack: storing there is cheap, and nothing is held on to.</summary>
    [InlineArray(64)]
    private struct Few
    {
        private Tensor? first;
    }

    /// <param name="Likeness">The root's.</param>
    /// <param name="Plan">What computes the graph.</param>
    /// <param name="Together">The places of what is computed together with the root; −1 for what needs no computing.</param>
    /// <param name="Passed">For each node whether it had been computed on the way before.</param>
    private sealed record Known(int Likeness, PreparedPlan Plan, int[] Together, bool[] Passed);
}
