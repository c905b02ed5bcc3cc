using System.Runtime.CompilerServices;
using Implicit.Graph;

namespace Implicit.Runtime;

/// <summary>A graph that was computed before, in the order in which another is checked against it.</summary>
/// <param name="Likeness">The root's.</param>
/// <param name="Plan">What computes the graph.</param>
/// <param name="Together">The places of what is computed together with the root; −1 for what needs no computing.</param>
/// <param name="Steps">The nodes that are computed, each before its inputs: whoever needs a node has met it when its turn comes.</param>
/// <param name="Leaves">The places of the other nodes, but for a step's own numbers.</param>
/// <param name="Numbers">The element types of all plain numbers.</param>
internal sealed record KnownGraph(
    int Likeness,
    PreparedPlan Plan,
    int[] Together,
    KnownGraph.Step[] Steps,
    int[] Leaves,
    DType[] Numbers
)
{
    /// <summary>In a step in place of an input that there is not.</summary>
    public const int NoInput = int.MinValue;

    /// <summary>In a step in place of an input that no other step has, and that the next step computes.</summary>
    public const int Followed = int.MinValue + 1;

    /// <summary>Where a step's node comes from.</summary>
    public enum Source : byte
    {
        /// <summary>Another step, or several, met it.</summary>
        Met,

        /// <summary>It is the first input of the step before, which alone has it.</summary>
        First,

        /// <summary>It is the second input of the step before, which alone has it.</summary>
        Second,
    }

    /// <param name="likeness">The root's.</param>
    /// <param name="plan">What computes the graph.</param>
    /// <param name="together">As the parameter of the record.</param>
    /// <param name="passed">For each node whether it had been computed on the way before.</param>
    public static KnownGraph Of(int likeness, PreparedPlan plan, int[] together, ReadOnlySpan<bool> passed)
    {
        Structure structure = plan.Structure;
        ReadOnlySpan<Structure.Node> nodes = structure.Nodes;
        int[] codes = Codes(structure);
        var steps = new List<Step>();
        var leaves = new List<int>();
        var numbers = new List<DType>();
        var source = Source.Met;
        for (int place = nodes.Length - 1; place >= 0; place--)
            if (nodes[place].Op is not PlaceholderOp leaf)
            {
                var step = Step.Of(nodes[place].Op, place, structure.InputsOf(place), codes, source, passed[place]);
                steps.Add(step);
                source =
                    step.First == Followed ? Source.First
                    : step.Second == Followed ? Source.Second
                    : Source.Met;
            }
            else if (codes[place] >= 0)
                leaves.Add(place);
        foreach (Structure.Node node in nodes)
            if (node.Op is PlaceholderOp { IsLiteral: true })
                numbers.Add(node.Type.DType);
        return new KnownGraph(likeness, plan, together, [.. steps], [.. leaves], [.. numbers]);
    }

    /// <summary>
    /// What stands for each node in a step: its place; <see cref="Followed"/>; or for a plain number that enters one step of one or two inputs only
    /// the complement of its number, by which it is bound at once.
    /// </summary>
    private static int[] Codes(Structure structure)
    {
        ReadOnlySpan<Structure.Node> nodes = structure.Nodes;
        int[] uses = Uses(structure);
        int[] codes = new int[nodes.Length];
        int above = -1;
        for (int place = nodes.Length - 1; place >= 0; place--)
        {
            var leaf = nodes[place].Op as PlaceholderOp;
            bool follows = leaf is null && above >= 0 && structure.InputsOf(above).Contains(place);
            codes[place] =
                uses[place] != 1 ? place
                : leaf is { IsLiteral: true } ? ~leaf.Number
                : follows ? Followed
                : place;
            if (leaf is null)
                above = place;
        }
        return codes;
    }

    /// <summary>How often each node is met: at least twice if it is a result, or one of more than two inputs.</summary>
    private static int[] Uses(Structure structure)
    {
        int[] uses = new int[structure.Nodes.Length];
        foreach (int root in structure.Roots)
            uses[root] += 2;
        for (int place = 0; place < uses.Length; place++)
            foreach (int input in structure.InputsOf(place))
                uses[input] += structure.InputsOf(place).Length <= 2 ? 1 : 2;
        return uses;
    }

    /// <summary>A node that is computed.</summary>
    /// <param name="Op">What is done.</param>
    /// <param name="Place">The node's place.</param>
    /// <param name="First">What stands for the first of one or two inputs, or <see cref="NoInput"/>.</param>
    /// <param name="Second">What stands for the second of two inputs, or <see cref="NoInput"/>.</param>
    /// <param name="Source">Where the node is found.</param>
    /// <param name="Passed">Whether the node had been computed on the way before.</param>
    public readonly record struct Step(Op Op, int Place, int First, int Second, Source Source, bool Passed)
    {
        public static Step Of(Op op, int place, ReadOnlySpan<int> inputs, int[] codes, Source source, bool passed) =>
            new(
                op,
                place,
                inputs.Length is 1 or 2 ? codes[inputs[0]] : NoInput,
                inputs.Length == 2 ? codes[inputs[1]] : NoInput,
                source,
                passed
            );

        /// <summary>
        /// Whether a node does this, has no value yet, and nothing is computed with it but what is with the root: results of a tuple that are
        /// kept for a derivative (<see cref="Tensor.Parts"/>) are met by no step.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Fits(Tensor node, Tensor[]? together) =>
            node.WasPassed == Passed
            && (node.IsPlain || IsWith(node, together))
            && (ReferenceEquals(node.Op, Op) || node.Op.Equals(Op));

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static bool IsWith(Tensor node, Tensor[]? together) =>
            node.Together is { } siblings && siblings == together;
    }
}
