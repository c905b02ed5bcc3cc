using System.Runtime.CompilerServices;
using Implicit.Graph;

namespace Implicit.Runtime;

// How a graph is checked against one that is known.
internal sealed partial class KnownGraphs
{
    /// <summary>Whether tensors that are computed together are those of known places. Meets them.</summary>
    private static bool AreSiblings(Tensor[] siblings, int[] places, Span<Tensor?> met)
    {
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

    /// <summary>
    /// For how many steps the nodes that are met from the results on compute what those of the structure do. Binds their own numbers, and marks them
    /// as computed on the way. It is no part of its callers, so that what it is made of is always part of it.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int MarkSteps(KnownGraph graph, Tensor[]? together, Span<Tensor?> met)
    {
        MakeRoom(graph.Numbers.Length);
        Tensor? first = null;
        object? rest = null;
        KnownGraph.Step[] steps = graph.Steps;
        for (int i = 0; i < steps.Length; i++)
        {
            ref readonly KnownGraph.Step step = ref steps[i];
            if (NodeOf(step, first, rest, met) is not { } node)
                return i;
            // Another thread may compute the node meanwhile: its value is stored before its inputs go, so read them in this order.
            (first, rest) = node.InputsAsWritten;
            if (!step.Fits(node, together) && !FitsWithOthers(step, node, graph, met))
                return i;
            bool areMet = rest is null or Tensor
                ? Meet(first, step.First, graph, met) && Meet(Unsafe.As<Tensor?>(rest), step.Second, graph, met)
                : MeetAll((Tensor[])rest, graph.Plan.Structure.InputsOf(step.Place), met);
            if (!areMet)
                return i;
            node.WasPassed = true;
        }
        return steps.Length;
    }

    /// <summary>
    /// Whether a node does what a step does, together with those that were met last or with others at known places, which it meets.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FitsWithOthers(in KnownGraph.Step step, Tensor node, KnownGraph graph, Span<Tensor?> met)
    {
        if (node.Together is not { } siblings || !step.Fits(node, siblings))
            return false;
        if (siblings == others)
            return true;
        others = siblings;
        return graph.GroupAt(step.Place) is { } places && AreSiblings(siblings, places, met);
    }

    /// <summary>Takes back the marks of some steps. What another thread has computed meanwhile leads nowhere, and its marks are right.</summary>
    private static void UnmarkSteps(KnownGraph graph, int count, Span<Tensor?> met)
    {
        Tensor? first = null;
        object? rest = null;
        foreach (ref readonly KnownGraph.Step step in graph.Steps.AsSpan(0, count))
        {
            Tensor? node = NodeOf(step, first, rest, met);
            (first, rest) = node?.InputsAsWritten ?? default;
            if (node is not null)
                node.WasPassed = step.Passed;
        }
    }

    /// <summary>The node of a step after one that has some inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Tensor? NodeOf(in KnownGraph.Step step, Tensor? first, object? rest, Span<Tensor?> met) =>
        step.Source switch
        {
            KnownGraph.Source.First => first,
            KnownGraph.Source.Second => rest as Tensor,
            _ => met[step.Place],
        };

    /// <summary>Meets one of two inputs. What is missing shows when its own turn comes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Meet(Tensor? node, int code, KnownGraph graph, Span<Tensor?> met) =>
        code == KnownGraph.Followed
        || (code >= 0 && node is not null && ReferenceEquals(met[code], node))
        || MeetAnew(node, code, graph, met);

    /// <summary>Meets an input for the first time, or binds it if it is a number of its own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MeetAnew(Tensor? node, int code, KnownGraph graph, Span<Tensor?> met) =>
        node is null ? code == KnownGraph.NoInput
        : code >= 0 ? Meet(node, code, met)
        : code != KnownGraph.NoInput && Bind(node, graph.Numbers[~code], ~code);

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
        literals[number] = literal.Number;
        return true;
    }
}
