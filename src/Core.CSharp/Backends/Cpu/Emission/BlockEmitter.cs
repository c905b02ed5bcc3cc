using System.Reflection.Emit;

namespace Implicit.Backends.Cpu;

/// <summary>A body as machine code: reads the operands that the table locates, writes the root's values at so many points.</summary>
internal unsafe delegate void BlockCode(Value* table, nint count);

/// <summary>
/// Emits one loop for a whole body: operands are loaded into vectors, everything between stays in registers, the root is stored, or combined with
/// what is there. What does not depend on the point is computed before the loop. The last vector is loaded and stored in part.
/// </summary>
internal sealed unsafe class BlockEmitter
{
    private readonly Node[] nodes;
    private readonly BlockPlan plan;
    private readonly LaneTypes types;
    private readonly ILGenerator il;
    private readonly LaneBody body;
    private readonly LaneMemory memory;
    private readonly BlockStreams streams;
    private readonly Kernels.Reduction? fold;

    private BlockEmitter(BlockPlan plan, LaneTypes types, ILGenerator il, Kernels.Reduction? fold)
    {
        this.plan = plan;
        this.fold = fold;
        this.types = types;
        this.il = il;
        nodes = plan.Nodes;
        body = new LaneBody(il, nodes, types, InliningBudget.Inlines(nodes, times: 1));
        memory = new LaneMemory(il, types);
        streams = new BlockStreams(il, plan, types.Points);
    }

    /// <summary>The code of a body; null where there is none, and the interpreter stays.</summary>
    public static BlockCode? Emit(BlockPlan plan, int bits, Kernels.Reduction? fold = null)
    {
        bool isWorthwhile = plan.Nodes[^1].IsComputed && plan.Variations[^1] == Variation.PerPoint;
        if (!isWorthwhile || !Array.TrueForAll(plan.Nodes, node => LaneBody.Supports(plan.Nodes, node)))
            return null;
        if (LaneTypes.For(plan.Nodes, bits) is not { } types)
            return null;
        var method = new DynamicMethod(
            "Block",
            null,
            [typeof(Value*), typeof(nint)],
            typeof(BlockEmitter).Module,
            skipVisibility: true
        );
        new BlockEmitter(plan, types, method.GetILGenerator(), fold).Method();
        return method.CreateDelegate<BlockCode>();
    }

    /// <summary>
    /// <code>
    ///            what is the same at all points
    /// next:      left = count − position
    ///            if (left &lt; 1) goto end
    ///            if (left &lt; points) goto partial
    ///            load vectors
    /// compute:   compute
    ///            if (left &lt; points) goto storePart
    ///            store a vector, position += points, goto next
    /// partial:   load parts of vectors, goto compute
    /// storePart: store a part of a vector
    /// end:
    /// </code>
    /// </summary>
    private void Method()
    {
        Prologue();
        Label next = il.DefineLabel();
        Label partial = il.DefineLabel();
        Label compute = il.DefineLabel();
        Label storePart = il.DefineLabel();
        Label end = il.DefineLabel();
        il.MarkLabel(next);
        streams.Count();
        streams.IfLeftIsBelow(1, end);
        streams.IfLeftIsBelow(types.Points, partial);
        Load(isPart: false);
        il.MarkLabel(compute);
        for (int node = 0; node < nodes.Length; node++)
            if (plan.Variations[node] == Variation.PerPoint)
                Compute(node);
        streams.IfLeftIsBelow(types.Points, storePart);
        Store(isPart: false);
        streams.Advance();
        il.Emit(OpCodes.Br, next);
        il.MarkLabel(partial);
        Load(isPart: true);
        il.Emit(OpCodes.Br, compute);
        il.MarkLabel(storePart);
        Store(isPart: true);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>What is the same at all points, and where the other operands begin.</summary>
    private void Prologue()
    {
        for (int node = 0; node < nodes.Length; node++)
            if (nodes[node].Kind is NodeKind.Input or NodeKind.Index && plan.Variations[node] == Variation.PerPoint)
                streams.Begin(node);
            else if (nodes[node].Kind == NodeKind.Input)
            {
                streams.PushStart(node);
                memory.LoadOne(nodes[node].DType);
                body.Keep(node);
            }
        streams.Begin(nodes.Length - 1);
        for (int node = 0; node < nodes.Length; node++)
            if (plan.Variations[node] != Variation.PerPoint)
                Compute(node);
    }

    private void Load(bool isPart)
    {
        for (int node = 0; node < nodes.Length; node++)
            if (streams.Has(node) && !nodes[node].IsComputed)
            {
                Load(node, isPart);
                body.Keep(node);
            }
    }

    private void Load(int node, bool isPart) => Access(node, isPart, memory.Load, memory.LoadPart);

    private void Compute(int node)
    {
        if (nodes[node].Kind is not (NodeKind.Input or NodeKind.Index) && plan.IsUsed(node))
            body.Compute(node);
    }

    private void Store(bool isPart)
    {
        int root = nodes.Length - 1;
        if (fold is { } reduction)
        {
            Load(root, isPart);
            body.Push(root);
            il.Emit(OpCodes.Call, LaneMethods.Combine(reduction, types.Of(nodes[root].DType)));
        }
        else
            body.Push(root);
        Access(root, isPart, memory.Store, memory.StorePart);
    }

    /// <summary>Reads or writes the next vector of a node's elements, or the part of it that is left.</summary>
    private void Access(int node, bool isPart, Action<DType> vector, Action<DType> part)
    {
        streams.PushAddress(node, isPart);
        if (isPart)
            streams.PushLeft();
        (isPart ? part : vector)(nodes[node].DType);
    }
}
