using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A scalar body as a list of vector instructions over registers, run block by block over a domain counted in row-major
/// order. What is the same at every point is computed once per run. Once the body is emitted, its machine code takes the place of the
/// instructions, between one block and the next.
/// </summary>
internal sealed unsafe class BlockProgram
{
    // Not a multiple of 4096: equal places in two registers would look like the same address to the load buffer.
    private const int RegisterSpan = (BlockPlan.MostPerBlock * sizeof(long)) + (2 * Pool.Alignment);

    private readonly Node[] nodes;
    private readonly Variation[] variations;
    private readonly Registers registers;
    private readonly Instruction[] prologue;
    private readonly Instruction[] body;
    private readonly Loaded[] uniform;
    private readonly Loaded[] inPlace;
    private readonly Loaded[] gathered;
    private readonly Loaded[] repeated;
    private readonly int[] indices;
    private readonly Coordinate[] coordinates;
    private readonly int root;

    /// <summary>The step of the root's value where instructions compute it block by block; −1 where they do not.</summary>
    private readonly int computedStep;

    /// <summary>Whether blocks of emitted code may be as long as rows: it needs no registers, and no sums depend on where blocks end.</summary>
    private readonly bool isStretched;

    private readonly Kernels.Reduction? fold;
    private volatile BlockCode? code;
    private bool isChecked;

    /// <summary>
    /// Blocks do not reach over a multiple of the segment, if one is given. The domain's axes may be those of the body
    /// rotated to the right. Where a reduction is given, machine code is that of <see cref="Fold"/>.
    /// </summary>
    public BlockProgram(
        Scalar scalar,
        Shape domain,
        ReadOnlySpan<Access> inputs,
        Access? output,
        int segment = 0,
        int rotation = 0,
        Kernels.Reduction? fold = null
    )
    {
        this.fold = fold;
        Plan = new BlockPlan(scalar, domain, inputs, output, segment);
        nodes = Plan.Nodes;
        variations = Plan.Variations;
        root = nodes.Length - 1;
        (uniform, inPlace, repeated, gathered) = (Plan.Uniform, Plan.InPlace, Plan.Repeated, Plan.Gathered);
        indices = Plan.Coordinates;
        coordinates = Array.ConvertAll(
            indices,
            i => Coordinate.Along(domain, (nodes[i].Code + rotation) % domain.Rank)
        );
        int[] computed = Plan.Computed(perRun: false);
        prologue = Array.ConvertAll(Plan.Computed(perRun: true), Plan.InstructionOf);
        body = Array.ConvertAll(computed, Plan.InstructionOf);
        computedStep =
            body.Length == 0 ? -1
            : variations[root] == Variation.PerPoint ? 1
            : 0;
        isStretched = output?.IsDirect(Plan.Row) == true && indices.Length + gathered.Length == 0;
        int[] loaded = [.. Array.ConvertAll(gathered, g => g.Node), .. indices];
        registers = new Registers(nodes, computed, loaded, Array.ConvertAll(repeated, r => r.Node));
    }

    /// <summary>What blocks there are, and where values come from.</summary>
    public BlockPlan Plan { get; }

    public int ScratchBytes => (registers.Count + 1) * RegisterSpan;

    public int StateBytes => nodes.Length * (sizeof(Value) + sizeof(long));

    /// <summary>A register that the body does not use, for a result that goes on elsewhere.</summary>
    public byte* Spare(byte* scratch) => scratch + (registers.Count * RegisterSpan);

    /// <summary>How many points the block that begins at one has.</summary>
    public int BlockAt(long start) => Plan.BlockAt(start, isStretched && code != null ? int.MaxValue : Plan.Most);

    /// <summary>From now on the body runs as machine code, where it can.</summary>
    public void Emit(int bits)
    {
        isChecked = AccessCheck.IsEnabled;
        code ??= BlockEmitter.Emit(Plan, bits, fold);
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
        foreach (Loaded loaded in uniform)
            table[loaded.Node] = new Value((nint)loaded.Access.Start(frame), 0);
        foreach (Loaded loaded in repeated)
            loaded.Access.GatherRepeated(frame, Repetitions(loaded.Access.Size), table[loaded.Node].Pointer);
        if (code != null)
            return;
        foreach (ref readonly Instruction instruction in prologue.AsSpan())
            instruction.Run(table, 1);
    }

    /// <summary>How many elements of what repeats are laid out: a block; for machine code, which begins anew after a period, less.</summary>
    private int Repetitions(int size)
    {
        int forCode = Plan.Period + (2 * Pool.Alignment / size);
        return code != null ? forCode : Math.Max(forCode, BlockAt(0));
    }

    /// <summary>
    /// The body's values at points start … start + count − 1: in the target, unless they are in memory already.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Value Evaluate(Frame frame, byte* state, long start, int count, byte* target)
    {
        Value* table = Load(frame, state, start, count, target);
        if (code is { } emitted && fold == null)
        {
            emitted(table, count);
            return table[root];
        }
        foreach (ref readonly Instruction instruction in body.AsSpan())
            instruction.Run(table, count);
        return table[root];
    }

    /// <summary>Combines elements one by one with the body's values at points start … start + count − 1, if there is machine code for that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Fold(Frame frame, byte* state, long start, int count, byte* totals)
    {
        if (code is not { } emitted)
            return false;
        emitted(Load(frame, state, start, count, totals), count);
        return true;
    }

    /// <summary>The table of the values at some points before any is computed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Value* Load(Frame frame, byte* state, long start, int count, byte* target)
    {
        Value* table = (Value*)state;
        if (computedStep >= 0)
            table[root] = new Value((nint)target, computedStep);
        foreach (Loaded loaded in inPlace)
        {
            table[loaded.Node] = loaded.Access.InPlace(frame, start);
            if (isChecked)
                loaded.Access.CheckInPlace(start, count);
        }
        foreach (Loaded loaded in gathered)
        {
            if (loaded.Node == root)
                table[root] = new Value((nint)target, 1);
            loaded.Access.Gather(frame, start, count, table[loaded.Node].Pointer);
        }
        for (int i = 0; i < indices.Length; i++)
            coordinates[i].Fill(start, count, (long*)table[indices[i]].Address);
        return table;
    }
}
