using System.Runtime.CompilerServices;
using Implicit.Graph;

namespace Implicit.Runtime;

/// <summary>A graph that was computed before, in the order in which another is checked against it.</summary>
/// <param name="Likeness">The root's.</param>
/// <param name="Plan">What computes the graph.</param>
/// <param name="Together">The places of what is computed together with the root; −1 for what needs no computing.</param>
/// <param name="Groups">The same of what else is computed together on the way.</param>
/// <param name="Steps">The nodes that are computed, each before its inputs: whoever needs a node has met it when its turn comes.</param>
/// <param name="Leaves">The places of the other nodes, but for a step's own numbers.</param>
/// <param name="Numbers">The element types of all plain numbers.</param>
internal sealed record KnownGraph(
    int Likeness,
    PreparedPlan Plan,
    int[] Together,
    int[][] Groups,
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

    /// <summary>The group that a place belongs to, if there is one.</summary>
    public int[]? GroupAt(int place)
    {
        foreach (int[] group in Groups)
            if (group.Contains(place))
                return group;
        return null;
    }

    /// <param name="likeness">The root's.</param>
    /// <param name="plan">What computes the graph.</param>
    /// <param name="together">As the parameter of the record.</param>
    /// <param name="groups">As the parameter of the record.</param>
    /// <param name="passed">For each node whether it had been computed on the way before.</param>
    /// <returns>The graph, unless something is computed that is not met from the root on.</returns>
    public static KnownGraph? Of(
        int likeness,
        PreparedPlan plan,
        int[] together,
        int[][] groups,
        ReadOnlySpan<bool> passed
    )
    {
        Structure structure = plan.Structure;
        ReadOnlySpan<Structure.Node> nodes = structure.Nodes;
        List<int> sequence = Sequence(structure, together, groups);
        if (sequence.Count < nodes.Length)
            return null;
        int[] codes = Codes(structure, sequence);
        var steps = new List<Step>();
        var leaves = new List<int>();
        var numbers = new List<DType>();
        var source = Source.Met;
        foreach (int place in sequence)
            if (nodes[place].Op is not PlaceholderOp)
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
        return new KnownGraph(likeness, plan, together, groups, [.. steps], [.. leaves], [.. numbers]);
    }

    /// <summary>
    /// The places in the order in which they are met: of what the root and its own need, each before its inputs, then of what only another of a group needs
    /// of which one was met.
    /// </summary>
    private static List<int> Sequence(Structure structure, int[] together, int[][] groups)
    {
        var sequence = new List<int>();
        bool[] isMet = new bool[structure.Nodes.Length];
        Follow([structure.Roots[0], .. together]);
        while (Array.Find(groups, group => IsMetInPart(group)) is { } next)
            Follow(next);
        return sequence;

        bool IsMetInPart(int[] group) =>
            Array.Exists(group, place => place >= 0 && isMet[place])
            && Array.Exists(group, place => place >= 0 && !isMet[place]);

        void Follow(int[] from)
        {
            bool[] isNeeded = new bool[isMet.Length];
            foreach (int place in from)
                if (place >= 0)
                    isNeeded[place] = true;
            for (int place = isMet.Length - 1; place >= 0; place--)
            {
                if (!isNeeded[place] || isMet[place])
                    continue;
                isMet[place] = true;
                sequence.Add(place);
                foreach (int input in structure.InputsOf(place))
                    isNeeded[input] = true;
            }
        }
    }

    /// <summary>
    /// What stands for each node in a step: its place; <see cref="Followed"/>; or for a plain number that enters one step of one or two inputs only
    /// the complement of its number, by which it is bound at once.
    /// </summary>
    private static int[] Codes(Structure structure, List<int> sequence)
    {
        ReadOnlySpan<Structure.Node> nodes = structure.Nodes;
        int[] uses = Uses(structure);
        int[] codes = new int[nodes.Length];
        int above = -1;
        foreach (int place in sequence)
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
