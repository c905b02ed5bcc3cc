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

    private readonly KnownGraph?[] known = new KnownGraph?[Places];
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
        known[Place(root)] = KnownGraph.Of(root.Likeness, plan, together, passed);
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
        if (!HasSiblings(root, graph.Together, met) || !HasSteps(graph, root.Together, met) || !HasLeaves(graph, met))
            return null;
        foreach (ref readonly KnownGraph.Step step in graph.Steps.AsSpan())
            met[step.Place]!.WasPassed = true;
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

    /// <summary>Whether the nodes that are met from the results on compute what those of the structure do. Binds their own numbers.</summary>
    private bool HasSteps(KnownGraph graph, Tensor[]? together, Span<Tensor?> met)
    {
        foreach (ref readonly KnownGraph.Step step in graph.Steps.AsSpan())
        {
            if (met[step.Place] is not { } node)
                return false;
            // Another thread may compute the node meanwhile: its value is stored before its inputs go, so read them in this order.
            InputList given = node.InputsAsWritten;
            if (!step.Fits(node, together))
                return false;
            bool areMet = given.All is { } all
                ? MeetAll(all, graph.Plan.Structure.InputsOf(step.Place), met)
                : Meet(given.First, step.First, graph, met) && Meet(given.Second, step.Second, graph, met);
            if (!areMet)
                return false;
        }
        return true;
    }

    /// <summary>Meets one of two inputs, or binds it if it is a number of its own.</summary>
    private bool Meet(Tensor? node, int place, KnownGraph graph, Span<Tensor?> met)
    {
        if (node is null)
            return place == KnownGraph.NoInput;
        if (place >= 0)
            return Meet(node, place, met);
        return place != KnownGraph.NoInput && Bind(node, graph.Numbers[~place], ~place);
    }

    private static bool MeetAll(Tensor[] given, ReadOnlySpan<int> places, Span<Tensor?> met)
    {
        if (given.Length != places.Length)
            return false;
        for (int i = 0; i < given.Length; i++)
            if (!Meet(given[i], places[i], met))
                return false;
        return true;
    }

    /// <summary>Puts a node at a place, where another must not stand already.</summary>
    private static bool Meet(Tensor node, int place, Span<Tensor?> met)
    {
        ref Tensor? there = ref met[place];
        if (there is null)
            there = node;
        return ReferenceEquals(there, node);
    }

    /// <summary>Whether what was met at the leaves are values and numbers of their types. Binds them.</summary>
    private bool HasLeaves(KnownGraph graph, ReadOnlySpan<Tensor?> met)
    {
        ReadOnlySpan<Structure.Node> expected = graph.Plan.Structure.Nodes;
        foreach (int place in graph.Leaves)
        {
            var leaf = (PlaceholderOp)expected[place].Op;
            TensorType type = expected[place].Type;
            if (met[place] is not { } node)
                return false;
            if (!(leaf.IsLiteral ? Bind(node, type.DType, leaf.Number) : Bind(node, type, leaf.Number)))
                return false;
        }
        return true;
    }

    /// <summary>Binds a value to an input, if it is one of the right type.</summary>
    private bool Bind(Tensor node, TensorType type, int input)
    {
        if (node.Value is not { } elements || node.Type != type)
            return false;
        if (input >= inputs.Length)
            Array.Resize(ref inputs, 2 * (input + 1));
        inputs.AsSpan()[input] = elements;
        inputCount = Math.Max(inputCount, input + 1);
        return true;
    }

    /// <summary>Binds a plain number, if it is one of the right type.</summary>
    private bool Bind(Tensor node, DType type, int number)
    {
        if (node.Value is not null || node.Op is not LiteralOp literal || node.DType != type)
            return false;
        if (number >= literals.Length)
            Array.Resize(ref literals, 2 * (number + 1));
        literals[number] = literal.Number;
        literalCount = Math.Max(literalCount, number + 1);
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
}
