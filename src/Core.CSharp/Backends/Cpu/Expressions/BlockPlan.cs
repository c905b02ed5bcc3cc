using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>How often a value of a body has to be computed.</summary>
internal enum Variation
{
    PerRun,

    /// <summary>Once for each block, blocks lying within a row.</summary>
    PerBlock,
    PerPoint,
}

/// <summary>A node whose values come from an operand.</summary>
internal sealed record Loaded(int Node, Access Access);

/// <summary>Works out how a body is run over a domain: the length of rows, and where each node's value comes from.</summary>
internal sealed class BlockPlan
{
    public const int MostPerBlock = 512;

    /// <summary>Shorter rows cost more calls than gathering costs.</summary>
    public const int ShortestRow = 256;

    private readonly Access?[] accesses;
    private readonly bool[] isUsed;

    public BlockPlan(Scalar body, Shape domain, ReadOnlySpan<Access> inputs, Access? output, int segment)
    {
        Nodes = BodyNodes.Of(body, out isUsed);
        Length = domain.Length;
        Row = segment > 0 ? segment : Math.Max(1, domain.Length);
        foreach (Access input in inputs)
            ShortenRow(input);
        if (output != null)
            ShortenRow(output);
        accesses = new Access?[Nodes.Length];
        for (int i = 0; i < Nodes.Length; i++)
            if (Nodes[i].Kind == NodeKind.Input)
                accesses[i] = inputs[Nodes[i].Code];
        Variations = new Variation[Nodes.Length];
        for (int i = 0; i < Nodes.Length; i++)
            Variations[i] = VariationOf(i);
        Uniform = Choose(isUniform: true, isInPlace: true);
        InPlace = Choose(isUniform: false, isInPlace: true);
        Loaded[] elsewhere = Choose(isUniform: false, isInPlace: false);
        Period = segment > 0 ? 0 : PeriodOf(elsewhere);
        Repeated = Array.FindAll(elsewhere, Repeats);
        Gathered = Array.FindAll(elsewhere, loaded => !Repeats(loaded));
        Coordinates = Indices(Nodes);
        int[] computed = Computed(perRun: false);
        // What is only passed on needs no registers, so no blocks.
        IsInMemory =
            computed.Length + Coordinates.Length + elsewhere.Length == 0 && Variations[^1] == Variation.PerPoint;
        IsContiguous = IsInMemory && InPlace[0].Access.IsLinear;
        Most =
            IsInMemory ? int.MaxValue
            : Period > 0 ? MostPerBlock / Period * Period
            : MostPerBlock;
        Cost = new BlockCost(Length, computed.Length);
    }

    /// <summary>The points of the domain.</summary>
    public long Length { get; }

    public Node[] Nodes { get; }

    public Variation[] Variations { get; }

    /// <summary>Whether anything reads the node; the products that were joined with sums are not needed.</summary>
    public bool IsUsed(int node) => isUsed[node];

    /// <summary>Blocks do not reach over a multiple of this.</summary>
    public int Row { get; private set; }

    /// <summary>The most points of a block.</summary>
    public int Most { get; }

    /// <summary>Where blocks may begin: at multiples of this.</summary>
    public int Alignment => IsOneRow ? Math.Max(Period, 1) : Row;

    /// <summary>Where the domain may be cut, one part to a thread: at multiples of this blocks begin.</summary>
    public int Grain => IsOneRow ? Math.Min(Most, MostPerBlock) : Row;

    /// <summary>Whether the values need no computing: blocks are then as long as rows.</summary>
    public bool IsInMemory { get; }

    /// <summary>Whether the values are an input's elements, one after the other.</summary>
    public bool IsContiguous { get; }

    public BlockCost Cost { get; }

    private bool IsOneRow => Row >= Length;

    /// <summary>How many points the block that begins at one has, at most so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int BlockAt(long start, int most)
    {
        long left = Math.Min(most, Length - start);
        return (int)(IsOneRow ? left : Math.Min(left, Row - (start % Row)));
    }

    /// <summary>The nodes that are read as one element for all points.</summary>
    public Loaded[] Uniform { get; }

    /// <summary>The nodes that are read in place.</summary>
    public Loaded[] InPlace { get; }

    /// <summary>The nodes that are gathered into registers for each block.</summary>
    public Loaded[] Gathered { get; }

    /// <summary>The nodes that are gathered once: they repeat after a <see cref="Period"/>, and blocks begin at multiples of it.</summary>
    public Loaded[] Repeated { get; }

    /// <summary>The points after which all <see cref="Repeated"/> nodes are as before; 0 if there are none.</summary>
    public int Period { get; }

    /// <summary>The nodes that are coordinates.</summary>
    public int[] Coordinates { get; }

    /// <summary>The nodes computed once per run, or those computed per block.</summary>
    public int[] Computed(bool perRun)
    {
        var computed = new List<int>();
        for (int i = 0; i < Nodes.Length; i++)
            if (Nodes[i].IsComputed && isUsed[i] && Variations[i] == Variation.PerRun == perRun)
                computed.Add(i);
        return computed.ToArray();
    }

    public Instruction InstructionOf(int target) =>
        Instruction.Of(Nodes, target, isSingle: Variations[target] != Variation.PerPoint);

    private int PeriodOf(Loaded[] nodes)
    {
        int period = 0;
        foreach ((int node, Access access) in nodes)
            if (node != Nodes.Length - 1 && access.Period <= MostPerBlock && Repeats(access, Row))
                period = Math.Max(period, access.Period);
        return period;
    }

    private bool Repeats(Loaded loaded) => Period > 0 && Repeats(loaded.Access, Period);

    /// <summary>Whether an access gives the same elements again after so many points.</summary>
    private static bool Repeats(Access access, int after) => access.Period > 0 && after % access.Period == 0;

    private static int[] Indices(Node[] nodes)
    {
        var indices = new List<int>();
        for (int i = 0; i < nodes.Length; i++)
            if (nodes[i].Kind == NodeKind.Index)
                indices.Add(i);
        return indices.ToArray();
    }

    private void ShortenRow(Access access)
    {
        if (!access.IsLinear && !access.IsUniform && access.Row >= ShortestRow)
            Row = Math.Min(Row, access.Row);
    }

    private Variation VariationOf(int index)
    {
        Node node = Nodes[index];
        if (node.Kind == NodeKind.Constant)
            return Variation.PerRun;
        if (node.Kind == NodeKind.Index)
            return Variation.PerPoint;
        if (accesses[index] is { } access)
            return access.IsUniform ? Variation.PerRun
                : access.IsInPlace(Row) && access.StepInPlace == 0 ? Variation.PerBlock
                : Variation.PerPoint;
        var most = Variation.PerRun;
        foreach (int operand in node.Operands)
            if (operand >= 0)
                most = (Variation)Math.Max((int)most, (int)Variations[operand]);
        return most;
    }

    private Loaded[] Choose(bool isUniform, bool isInPlace)
    {
        var chosen = new List<Loaded>();
        for (int i = 0; i < Nodes.Length; i++)
            if (accesses[i] is { } access && access.IsUniform == isUniform && access.IsInPlace(Row) == isInPlace)
                chosen.Add(new Loaded(i, access));
        return chosen.ToArray();
    }
}
