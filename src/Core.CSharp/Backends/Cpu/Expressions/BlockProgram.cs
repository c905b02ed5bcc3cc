using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A scalar body as a list of vector instructions over registers, run block by block over a domain counted in row-major
/// order. What is the same at every point is computed once per run.
/// </summary>
internal sealed unsafe class BlockProgram
{
    public const int MostPerBlock = 512;

    // Not a multiple of 4096: equal places in two registers would look like the same address to the load buffer.
    private const int RegisterSpan = (MostPerBlock * sizeof(long)) + (2 * Pool.Alignment);
    private readonly Node[] nodes;
    private readonly Variation[] variations;
    private readonly Registers registers;
    private readonly Instruction[] prologue;
    private readonly Instruction[] body;
    private readonly (int Node, Access Access)[] uniform;
    private readonly (int Node, Access Access)[] inPlace;
    private readonly (int Node, Access Access)[] gathered;
    private readonly (int Node, Access Access)[] repeated;
    private readonly (int Node, Coordinate Coordinate)[] coordinates;
    private readonly int root;

    /// <summary>The step of the root's value where instructions compute it block by block; −1 where they do not.</summary>
    private readonly int computedStep;

    private readonly int most;
    private readonly bool isOneRow;

    /// <summary>
    /// Blocks do not reach over a multiple of the segment, if one is given. The domain's axes may be those of the body
    /// rotated to the right.
    /// </summary>
    public BlockProgram(
        Scalar scalar,
        Shape domain,
        ReadOnlySpan<Access> inputs,
        Access? output,
        int segment = 0,
        int rotation = 0
    )
    {
        var plan = new BlockPlan(scalar, domain, inputs, output, segment);
        nodes = plan.Nodes;
        variations = plan.Variations;
        root = nodes.Length - 1;
        Length = domain.Length;
        Row = plan.Row;
        uniform = plan.Uniform;
        inPlace = plan.InPlace;
        int period = segment == 0 ? plan.Period : 0;
        repeated = [.. plan.Gathered.Where(g => period > 0 && BlockPlan.Repeats(g.Access, period))];
        gathered = [.. plan.Gathered.Except(repeated)];
        int[] computed = plan.Computed(perRun: false);
        int[] indices = plan.Coordinates;
        coordinates = [.. indices.Select(i => (i, Coordinate.Along(domain, (nodes[i].Code + rotation) % domain.Rank)))];
        prologue = [.. plan.Computed(perRun: true).Select(plan.InstructionOf)];
        body = [.. computed.Select(plan.InstructionOf)];
        computedStep =
            body.Length == 0 ? -1
            : variations[root] == Variation.PerPoint ? 1
            : 0;
        // What is only passed on needs no registers, so no blocks.
        IsInMemory =
            computed.Length + indices.Length + plan.Gathered.Length == 0 && variations[root] == Variation.PerPoint;
        IsContiguous = IsInMemory && inPlace[0].Access.IsLinear;
        most =
            IsInMemory ? int.MaxValue
            : period > 0 ? MostPerBlock / period * period
            : MostPerBlock;
        isOneRow = Row >= Length;
        int[] loaded = [.. gathered.Select(g => g.Node), .. indices];
        registers = new Registers(nodes, computed, loaded, [.. repeated.Select(r => r.Node)]);
    }

    /// <summary>The points of the domain.</summary>
    public long Length { get; }

    /// <summary>Blocks do not reach over a multiple of this.</summary>
    public int Row { get; }

    /// <summary>Whether the values need no computing: blocks are then as long as rows.</summary>
    public bool IsInMemory { get; }

    /// <summary>Whether the values are an input's elements, one after the other.</summary>
    public bool IsContiguous { get; }

    public int ScratchBytes => (registers.Count + 1) * RegisterSpan;

    public int StateBytes => nodes.Length * (sizeof(Value) + sizeof(long));

    /// <summary>A register that the body does not use, for a result that goes on elsewhere.</summary>
    public byte* Spare(Frame frame) => frame.Scratch + (registers.Count * RegisterSpan);

    /// <summary>How many points the block that begins at one has.</summary>
    public int BlockAt(long start)
    {
        long left = Math.Min(most, Length - start);
        return (int)(isOneRow ? left : Math.Min(left, Row - (start % Row)));
    }

    public void Initialise(byte* state, byte* scratch)
    {
        Value* table = (Value*)state;
        byte* cells = state + (nodes.Length * sizeof(Value));
        for (int i = 0; i < nodes.Length; i++)
        {
            byte* cell = cells + (i * sizeof(long));
            byte* at = registers.Of[i] >= 0 ? scratch + (registers.Of[i] * RegisterSpan) : cell;
            table[i] = new Value((nint)at, variations[i] == Variation.PerPoint ? 1 : 0);
            if (nodes[i].Kind == NodeKind.Constant)
                Elements.Write(nodes[i].DType, nodes[i].Number, cell);
        }
    }

    /// <summary>What is done once per run.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Begin(Frame frame, byte* state)
    {
        Value* table = (Value*)state;
        foreach ((int node, Access access) in uniform)
            table[node] = new Value((nint)access.Start(frame), 0);
        foreach ((int node, Access access) in repeated)
            access.Gather(frame, 0, BlockAt(0), table[node].Pointer);
        foreach (ref readonly Instruction instruction in prologue.AsSpan())
            instruction.Run(table, 1);
    }

    /// <summary>
    /// The body's values at points start … start + count − 1: in the target, unless they are in memory already.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Evaluate(Frame frame, byte* state, long start, int count, byte* target)
    {
        Value* table = (Value*)state;
        if (computedStep >= 0)
            table[root] = new Value((nint)target, computedStep);
        foreach ((int node, Access access) in inPlace)
            table[node] = access.InPlace(frame, start);
        foreach ((int node, Access access) in gathered)
        {
            if (node == root)
                table[node] = new Value((nint)target, 1);
            access.Gather(frame, start, count, table[node].Pointer);
        }
        foreach ((int node, Coordinate coordinate) in coordinates)
            coordinate.Fill(start, count, (long*)table[node].Address);
        foreach (ref readonly Instruction instruction in body.AsSpan())
            instruction.Run(table, count);
        return table[root];
    }
}
