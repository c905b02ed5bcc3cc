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
    public const int MostPerBlock = 512;

    // Not a multiple of 4096: equal places in two registers would look like the same address to the load buffer.
    private const int RegisterSpan = (MostPerBlock * sizeof(long)) + (2 * Pool.Alignment);
    private const double NanosecondsPerCall = 4;
    private const double NanosecondsPerPoint = 0.05;

    /// <summary>What a loop costs beside its instructions, which code without loops for few points does not have.</summary>
    private const double NanosecondsPerLoop = 70;
    private const int FewPoints = 32;
    private readonly BlockPlan plan;
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

    private readonly int most;
    private readonly bool isOneRow;

    /// <summary>Whether blocks of emitted code may be as long as rows: it needs no registers, and no sums depend on where blocks end.</summary>
    private readonly bool isStretched;

    private volatile BlockCode? code;
    private bool isChecked;

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
        plan = new BlockPlan(scalar, domain, inputs, output, segment);
        nodes = plan.Nodes;
        variations = plan.Variations;
        root = nodes.Length - 1;
        Length = domain.Length;
        Row = plan.Row;
        uniform = plan.Uniform;
        inPlace = plan.InPlace;
        int period = plan.Period;
        repeated = plan.Repeated;
        gathered = plan.Gathered;
        int[] computed = plan.Computed(perRun: false);
        indices = plan.Coordinates;
        coordinates = Array.ConvertAll(
            indices,
            i => Coordinate.Along(domain, (nodes[i].Code + rotation) % domain.Rank)
        );
        prologue = Array.ConvertAll(plan.Computed(perRun: true), plan.InstructionOf);
        body = Array.ConvertAll(computed, plan.InstructionOf);
        computedStep =
            body.Length == 0 ? -1
            : variations[root] == Variation.PerPoint ? 1
            : 0;
        // What is only passed on needs no registers, so no blocks.
        IsInMemory =
            computed.Length + indices.Length + gathered.Length + repeated.Length == 0
            && variations[root] == Variation.PerPoint;
        IsContiguous = IsInMemory && inPlace[0].Access.IsLinear;
        most =
            IsInMemory ? int.MaxValue
            : period > 0 ? MostPerBlock / period * period
            : MostPerBlock;
        isOneRow = Row >= Length;
        Alignment =
            !isOneRow ? Row
            : period > 0 ? period
            : 1;
        isStretched = output?.IsDirect(Row) == true && indices.Length + gathered.Length == 0;
        Nanoseconds = Length * (0.1 + (0.1 * body.Length));
        int[] loaded = [.. Array.ConvertAll(gathered, g => g.Node), .. indices];
        registers = new Registers(nodes, computed, loaded, Array.ConvertAll(repeated, r => r.Node));
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
    public byte* Spare(byte* scratch) => scratch + (registers.Count * RegisterSpan);

    /// <summary>Where the domain may be cut, one part to a thread: at multiples of this blocks begin.</summary>
    public int Grain => isOneRow ? Math.Min(most, MostPerBlock) : Row;

    /// <summary>Where blocks may begin: at multiples of this.</summary>
    public int Alignment { get; }

    /// <summary>What the whole domain takes, roughly.</summary>
    public double Nanoseconds { get; }

    /// <summary>How many points the block that begins at one has.</summary>
    public int BlockAt(long start)
    {
        long left = Math.Min(isStretched && code != null ? int.MaxValue : most, Length - start);
        return (int)(isOneRow ? left : Math.Min(left, Row - (start % Row)));
    }

    /// <summary>What interpreting costs more than machine code in each run, in nanoseconds: calls of loops, and ways through the cache.</summary>
    public double Saving =>
        (
            body.Length
            * ((Length / MostPerBlock * NanosecondsPerCall) + NanosecondsPerCall + (Length * NanosecondsPerPoint))
        ) + (Length <= FewPoints ? NanosecondsPerLoop : 0);

    /// <summary>From now on the body runs as machine code, where it can.</summary>
    public void Emit(int bits)
    {
        isChecked = AccessCheck.IsEnabled;
        code ??= BlockEmitter.Emit(plan, bits);
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
        int forCode = plan.Period + (2 * Pool.Alignment / size);
        return code != null ? forCode : Math.Max(forCode, BlockAt(0));
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
        if (code is { } emitted)
        {
            emitted(table, count);
            return table[root];
        }
        foreach (ref readonly Instruction instruction in body.AsSpan())
            instruction.Run(table, count);
        return table[root];
    }
}
