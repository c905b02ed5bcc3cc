using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>
/// A scalar body as a list of vector instructions over registers, run block by block over a domain counted in row-major
/// order. What is the same at every point is computed once per run.
/// </summary>
internal sealed unsafe class BlockProgram
{
    public const int MostPerBlock = 512;
    private const int RegisterSpan = (MostPerBlock * sizeof(long)) + (2 * Pool.Alignment);
    private readonly Node[] nodes;
    private readonly Registers registers;
    private readonly Instruction[] prologue;
    private readonly Instruction[] body;
    private readonly (int Node, Access Access)[] uniform;
    private readonly (int Node, Access Access)[] inPlace;
    private readonly (int Node, Access Access)[] gathered;
    private readonly (int Node, Coordinate Coordinate)[] coordinates;
    private readonly int root;
    private readonly bool rootIsComputed;

    public BlockProgram(Scalar scalar, Shape domain, ReadOnlySpan<Access> inputs, Access? output, int segment = 0)
    {
        nodes = ExpressionGraph.Of(scalar);
        root = nodes.Length - 1;
        Length = domain.Length;
        Row = RowOf(domain.Length, inputs, output, segment);
        Access?[] accesses = AccessesOf(nodes, inputs);
        bool[] isUniform = Uniformity(nodes, accesses);
        uniform = Choose(accesses, access => access.IsUniform);
        inPlace = Choose(accesses, access => !access.IsUniform && access.IsInPlace(Row));
        gathered = Choose(accesses, access => !access.IsInPlace(Row));
        coordinates =
        [
            .. Enumerable
                .Range(0, nodes.Length)
                .Where(i => nodes[i].Kind == NodeKind.Index)
                .Select(i => (i, Coordinate.Along(domain, nodes[i].Code))),
        ];
        Instruction[] all = [.. InstructionsOf(nodes)];
        prologue = [.. all.Where(instruction => isUniform[instruction.Target])];
        body = [.. all.Where(instruction => !isUniform[instruction.Target])];
        rootIsComputed = body.Length > 0;
        registers = new Registers(nodes, body, [.. gathered.Select(g => g.Node), .. coordinates.Select(c => c.Node)]);
    }

    /// <summary>The points of the domain.</summary>
    public long Length { get; }

    /// <summary>Blocks do not reach over a multiple of this.</summary>
    public int Row { get; }

    public int ScratchBytes => (registers.Count + 1) * RegisterSpan;

    public int StateBytes => nodes.Length * (sizeof(Value) + sizeof(long));

    /// <summary>A register that the body does not use, for a result that goes on elsewhere.</summary>
    public byte* Spare(Frame frame) => frame.Scratch + (registers.Count * RegisterSpan);

    public int BlockAt(long start) => (int)Math.Min(Math.Min(MostPerBlock, Length - start), Row - (start % Row));

    public void Initialise(byte* state, byte* scratch)
    {
        Value* table = (Value*)state;
        byte* cells = state + (nodes.Length * sizeof(Value));
        for (int i = 0; i < nodes.Length; i++)
        {
            byte* cell = cells + (i * sizeof(long));
            bool inRegister = registers.Of[i] >= 0;
            byte* at = inRegister ? scratch + (registers.Of[i] * RegisterSpan) : cell;
            table[i] = new Value((nint)at, inRegister ? 1 : 0);
            if (nodes[i].Kind == NodeKind.Constant)
                Plain.Store(nodes[i].DType, nodes[i].Number, cell);
        }
    }

    /// <summary>What is done once per run.</summary>
    public void Begin(Frame frame, byte* state)
    {
        Value* table = (Value*)state;
        foreach ((int node, Access access) in uniform)
            table[node] = new Value((nint)access.Start(frame), 0);
        foreach (Instruction instruction in prologue)
            Plain.Run(instruction, table, 1);
    }

    /// <summary>
    /// The body's values at points start … start + count − 1: in the target, unless they are in memory already.
    /// </summary>
    public Value Evaluate(Frame frame, byte* state, long start, int count, byte* target)
    {
        Value* table = (Value*)state;
        if (rootIsComputed)
            table[root] = new Value((nint)target, 1);
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
            Plain.Run(instruction, table, count);
        return table[root];
    }

    private static int RowOf(long length, ReadOnlySpan<Access> inputs, Access? output, int segment)
    {
        const int Worthwhile = 48;
        long row = segment > 0 ? segment : Math.Max(1, length);
        foreach (Access access in (Access[])[.. inputs, .. output == null ? [] : new[] { output }])
            if (!access.IsLinear && !access.IsUniform && access.Row >= Worthwhile)
                row = Math.Min(row, access.Row);
        return (int)row;
    }

    private static Access?[] AccessesOf(Node[] nodes, ReadOnlySpan<Access> inputs)
    {
        var accesses = new Access?[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
            if (nodes[i].Kind == NodeKind.Input)
                accesses[i] = inputs[nodes[i].Code];
        return accesses;
    }

    private static bool[] Uniformity(Node[] nodes, Access?[] accesses)
    {
        bool[] uniform = new bool[nodes.Length];
        for (int i = 0; i < nodes.Length; i++)
        {
            Node n = nodes[i];
            uniform[i] = n.Kind switch
            {
                NodeKind.Input => accesses[i]!.IsUniform,
                NodeKind.Constant => true,
                NodeKind.Index => false,
                _ => uniform[n.A] && (n.B < 0 || uniform[n.B]) && (n.C < 0 || uniform[n.C]),
            };
        }
        return uniform;
    }

    private static IEnumerable<Instruction> InstructionsOf(Node[] nodes)
    {
        for (int i = 0; i < nodes.Length; i++)
            if (nodes[i].Kind > NodeKind.Index)
                yield return new Instruction(nodes[i], nodes[nodes[i].A].DType, i);
    }

    private static (int, Access)[] Choose(Access?[] accesses, Func<Access, bool> predicate) =>
        [.. accesses.Index().Where(a => a.Item != null && predicate(a.Item)).Select(a => (a.Index, a.Item!))];
}
