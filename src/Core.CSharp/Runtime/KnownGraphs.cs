using System.Runtime.CompilerServices;
using Implicit.Graph;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Runtime;

/// <summary>
/// The graphs that a thread computed lately, so that one which a loop builds again is checked against the last instead of being ordered, read and
/// looked up. Every node, every wire and everything that decides which values are kept is checked: a graph that passes has the plan.
/// </summary>
internal sealed partial class KnownGraphs
{
    private const int Places = 256;

    private readonly KnownGraph?[] known = new KnownGraph?[Places];
    private Tensor?[] many = [];

    /// <summary>Of what is computed together, but not with the root, those that were met last.</summary>
    private Tensor[]? others;

    private Tensor[] results = new Tensor[4];
    private Buffer[] inputs = new Buffer[16];
    private double[] literals = new double[16];
    private int manyCount;
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
        int[] together = PlacesOf(root.Together ?? [], order);
        int[][] groups = [.. GroupsIn(order, root.Together).Select(group => PlacesOf(group, order))];
        if (KnownGraph.Of(root.Likeness, plan, together, groups, passed) is { } graph)
            known[Place(root)] = graph;
    }

    /// <summary>What else is computed together than the root's own.</summary>
    private static List<Tensor[]> GroupsIn(NodeOrder order, Tensor[]? together)
    {
        var groups = new List<Tensor[]>();
        foreach (Tensor node in order)
            if (node.Together is { } siblings && siblings != together && !groups.Contains(siblings))
                groups.Add(siblings);
        return groups;
    }

    private static int[] PlacesOf(Tensor[] siblings, NodeOrder order) =>
        Array.ConvertAll(siblings, sibling => IsWanted(sibling) ? order.PlaceOf(sibling) : -1);

    /// <summary>The plan of a pending graph that is like one computed before; binds its leaves.</summary>
    public PreparedPlan? Recall(ReadOnlySpan<Tensor> roots) =>
        roots.Length == 1 || ComeWithFirst(roots) ? Recall(roots[0]) : null;

    private PreparedPlan? Recall(Tensor root)
    {
        if (known[Place(root)] is not { } graph || graph.Likeness != root.Likeness || root.Value is not null)
            return null;
        Structure structure = graph.Plan.Structure;
        Few few = default;
        Span<Tensor?> met = few;
        met = structure.Nodes.Length <= met.Length ? met[..structure.Nodes.Length] : Many(structure.Nodes.Length);
        met[structure.Roots[0]] = root;
        (inputCount, literalCount, resultCount) = (0, 0, 0);
        if (!AreSiblings(root.Together ?? [], graph.Together, met))
            return null;
        int steps = MarkSteps(graph, root.Together, met);
        if (steps < graph.Steps.Length || !HasLeaves(graph, met))
        {
            UnmarkSteps(graph, steps, met);
            return null;
        }
        Collect(structure.Roots, met);
        return graph.Plan;
    }

    /// <summary>Lets go of all nodes and values.</summary>
    public void Forget()
    {
        Array.Clear(many, 0, manyCount);
        Array.Clear(results, 0, resultCount);
        Array.Clear(inputs, 0, inputCount);
        (others, manyCount, resultCount, inputCount, literalCount) = (null, 0, 0, 0, 0);
    }

    private static int Place(Tensor root) => (root.Likeness ^ (root.Likeness >> 8)) & (Places - 1);

    /// <summary>Whether what was made together with a node is computed with it.</summary>
    public static bool IsWanted(Tensor sibling) =>
        sibling.Value is null && !sibling.IsTraced && sibling.Op is not LiteralOp;

    /// <summary>Whether all roots are computed with the first, as the parameters are that a step of training made.</summary>
    private static bool ComeWithFirst(ReadOnlySpan<Tensor> roots)
    {
        foreach (Tensor root in roots)
            if (root.Value is null && !(IsWanted(root) && root.Together is { } all && all == roots[0].Together))
                return false;
        return true;
    }

    private Span<Tensor?> Many(int count)
    {
        if (many.Length < count)
            many = new Tensor?[2 * count];
        manyCount = count;
        return many.AsSpan(0, count);
    }

    /// <summary>Room for all numbers of a graph.</summary>
    private void MakeRoom(int numbers)
    {
        if (literals.Length < numbers)
            literals = new double[2 * numbers];
        literalCount = numbers;
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
}
