using System.Reflection.Emit;

namespace Implicit.Backends.Cpu;

/// <summary>A body as machine code: reads the operands that the table locates, writes the root's values at so many points.</summary>
internal unsafe delegate void BlockCode(Value* table, nint count);

/// <summary>
/// Emits one loop for a whole body: operands are loaded into vectors, everything between stays in registers, the root is stored. What does
/// not depend on the point is computed before the loop. The last vector is loaded and stored in part.
/// </summary>
internal sealed unsafe class BlockEmitter
{
    private readonly Node[] nodes;
    private readonly BlockPlan plan;
    private readonly LaneTypes types;
    private readonly ILGenerator il;
    private readonly LaneBody body;
    private readonly LaneMemory memory;
    private readonly LocalBuilder?[] streams;
    private readonly LocalBuilder position;
    private readonly LocalBuilder left;

    /// <summary>Where in the elements that repeat the next vector begins.</summary>
    private readonly LocalBuilder phase;

    /// <summary>After so many points, at least a vector, they begin anew; 0 where nothing repeats.</summary>
    private readonly int cycle;
    private readonly bool isChecked = AccessCheck.IsEnabled;

    private BlockEmitter(BlockPlan plan, LaneTypes types, ILGenerator il)
    {
        this.plan = plan;
        this.types = types;
        this.il = il;
        nodes = plan.Nodes;
        body = new LaneBody(il, nodes, types, InliningBudget.Inlines(nodes, times: 1));
        memory = new LaneMemory(il, types);
        streams = new LocalBuilder?[nodes.Length];
        position = il.DeclareLocal(typeof(nint));
        left = il.DeclareLocal(typeof(nint));
        phase = il.DeclareLocal(typeof(nint));
        cycle = plan.Period == 0 ? 0 : (types.Points + plan.Period - 1) / plan.Period * plan.Period;
    }

    /// <summary>The code of a body; null where there is none, and the interpreter stays.</summary>
    public static BlockCode? Emit(BlockPlan plan, int bits)
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
        new BlockEmitter(plan, types, method.GetILGenerator()).Method();
        return method.CreateDelegate<BlockCode>();
    }

    private void Method()
    {
        Before();
        Label next = il.DefineLabel();
        Label partial = il.DefineLabel();
        Label compute = il.DefineLabel();
        Label storePart = il.DefineLabel();
        Label end = il.DefineLabel();
        il.MarkLabel(next);
        // left = count − position; stop at 0.
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, position);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);
        IfLeftIsBelow(1, end);
        IfLeftIsBelow(types.Points, partial);
        Load(isPart: false);
        il.MarkLabel(compute);
        for (int node = 0; node < nodes.Length; node++)
            if (plan.Variations[node] == Variation.PerPoint)
                Compute(node);
        IfLeftIsBelow(types.Points, storePart);
        Store(isPart: false);
        il.Emit(OpCodes.Ldloc, position);
        il.Emit(OpCodes.Ldc_I4, types.Points);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, position);
        if (cycle > 0)
            NextPhase();
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
    private void Before()
    {
        for (int node = 0; node < nodes.Length; node++)
            if (nodes[node].Kind is NodeKind.Input or NodeKind.Index && plan.Variations[node] == Variation.PerPoint)
                streams[node] = Begin(node);
            else if (nodes[node].Kind == NodeKind.Input)
            {
                PushStart(node);
                memory.LoadOne(nodes[node].DType);
                body.Keep(node);
            }
        streams[^1] = Begin(nodes.Length - 1);
        for (int node = 0; node < nodes.Length; node++)
            if (plan.Variations[node] != Variation.PerPoint)
                Compute(node);
    }

    private LocalBuilder Begin(int node)
    {
        LocalBuilder stream = il.DeclareLocal(typeof(byte*));
        PushStart(node);
        il.Emit(OpCodes.Stloc, stream);
        return stream;
    }

    /// <summary>The table's address for a node.</summary>
    private void PushStart(int node)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, node * sizeof(Value));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
    }

    private void Load(bool isPart)
    {
        for (int node = 0; node < nodes.Length; node++)
            if (streams[node] != null && !nodes[node].IsComputed)
            {
                PushAddress(node, isPart);
                if (isPart)
                {
                    PushLeft();
                    memory.LoadPart(nodes[node].DType);
                }
                else
                    memory.Load(nodes[node].DType);
                body.Keep(node);
            }
    }

    private void Compute(int node)
    {
        if (nodes[node].Kind is not (NodeKind.Input or NodeKind.Index) && plan.IsUsed(node))
            body.Compute(node);
    }

    private void Store(bool isPart)
    {
        int root = nodes.Length - 1;
        body.Push(root);
        PushAddress(root, isPart);
        if (isPart)
        {
            PushLeft();
            memory.StorePart(nodes[root].DType);
        }
        else
            memory.Store(nodes[root].DType);
    }

    /// <summary>phase += points, less a cycle if it is over.</summary>
    private void NextPhase()
    {
        il.Emit(OpCodes.Ldloc, phase);
        il.Emit(OpCodes.Ldc_I4, types.Points - cycle);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, phase);
        // A negative phase has the sign bit everywhere.
        il.Emit(OpCodes.Ldloc, phase);
        il.Emit(OpCodes.Ldc_I4, (8 * sizeof(nint)) - 1);
        il.Emit(OpCodes.Shr);
        il.Emit(OpCodes.Ldc_I4, cycle);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Ldloc, phase);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, phase);
    }

    private void PushAddress(int node, bool isPart)
    {
        bool repeats = Array.Exists(plan.Repeated, loaded => loaded.Node == node);
        il.Emit(OpCodes.Ldloc, streams[node]!);
        PushBytes(node, () => il.Emit(OpCodes.Ldloc, repeats ? phase : position));
        il.Emit(OpCodes.Add);
        if (!isChecked)
            return;
        if (isPart)
            PushBytes(node, () => il.Emit(OpCodes.Ldloc, left));
        else
            PushBytes(node, () => il.Emit(OpCodes.Ldc_I4, types.Points));
        il.Emit(OpCodes.Ldloc, streams[node]!);
        if (repeats)
            PushBytes(node, () => il.Emit(OpCodes.Ldc_I4, cycle + types.Points - 1));
        else
            PushBytes(node, () => il.Emit(OpCodes.Ldarg_1));
        il.Emit(OpCodes.Call, LaneMethods.Member(typeof(AccessCheck), nameof(AccessCheck.Within)));
    }

    /// <summary>A number of a node's elements in bytes.</summary>
    private void PushBytes(int node, Action pushElements)
    {
        pushElements();
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Ldc_I4, nodes[node].DType.Size);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Mul);
    }

    private void PushLeft()
    {
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Conv_I4);
    }

    private void IfLeftIsBelow(int points, Label target)
    {
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldc_I4, points);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Blt, target);
    }
}
