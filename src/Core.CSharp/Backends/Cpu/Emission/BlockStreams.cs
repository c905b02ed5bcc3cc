using System.Reflection.Emit;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Writes the code that counts the points of a block and finds where the next vector of each operand lies: behind the last, or, of elements that
/// repeat, at the beginning again after a cycle.
/// </summary>
internal sealed unsafe class BlockStreams
{
    private readonly ILGenerator il;
    private readonly BlockPlan plan;
    private readonly int points;

    /// <summary>Where the elements of a node begin.</summary>
    private readonly LocalBuilder?[] starts;

    /// <summary>The points that are done, and those that are left.</summary>
    private readonly LocalBuilder position;
    private readonly LocalBuilder left;

    /// <summary>Where in the elements that repeat the next vector begins.</summary>
    private readonly LocalBuilder phase;

    /// <summary>After so many points, at least a vector, they begin anew; 0 where nothing repeats.</summary>
    private readonly int cycle;
    private readonly bool isChecked = AccessCheck.IsEnabled;

    /// <param name="il">Writes a method with the arguments of <see cref="BlockCode"/>.</param>
    /// <param name="plan">The body.</param>
    /// <param name="points">The points of a vector.</param>
    public BlockStreams(ILGenerator il, BlockPlan plan, int points)
    {
        (this.il, this.plan, this.points) = (il, plan, points);
        starts = new LocalBuilder?[plan.Nodes.Length];
        position = il.DeclareLocal(typeof(nint));
        left = il.DeclareLocal(typeof(nint));
        phase = il.DeclareLocal(typeof(nint));
        cycle = plan.Period == 0 ? 0 : (points + plan.Period - 1) / plan.Period * plan.Period;
    }

    /// <summary>Whether a node's elements are read or written point by point.</summary>
    public bool Has(int node) => starts[node] != null;

    public void Begin(int node)
    {
        starts[node] = il.DeclareLocal(typeof(byte*));
        PushStart(node);
        il.Emit(OpCodes.Stloc, starts[node]!);
    }

    /// <summary>The table's address for a node.</summary>
    public void PushStart(int node)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, node * sizeof(Value));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
    }

    /// <summary>left = count − position.</summary>
    public void Count()
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, position);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);
    }

    /// <summary>Goes over to the next vector.</summary>
    public void Advance()
    {
        il.Emit(OpCodes.Ldloc, position);
        il.Emit(OpCodes.Ldc_I4, points);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, position);
        if (cycle > 0)
            AdvancePhase();
    }

    /// <summary>phase += points, less a cycle if it is over.</summary>
    private void AdvancePhase()
    {
        il.Emit(OpCodes.Ldloc, phase);
        il.Emit(OpCodes.Ldc_I4, points - cycle);
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

    /// <summary>The address of the next vector, or of the part of one that is left.</summary>
    public void PushAddress(int node, bool isPart)
    {
        bool repeats = Array.Exists(plan.Repeated, loaded => loaded.Node == node);
        il.Emit(OpCodes.Ldloc, starts[node]!);
        PushBytes(node, () => il.Emit(OpCodes.Ldloc, repeats ? phase : position));
        il.Emit(OpCodes.Add);
        if (!isChecked)
            return;
        if (isPart)
            PushBytes(node, () => il.Emit(OpCodes.Ldloc, left));
        else
            PushBytes(node, () => il.Emit(OpCodes.Ldc_I4, points));
        il.Emit(OpCodes.Ldloc, starts[node]!);
        if (repeats)
            PushBytes(node, () => il.Emit(OpCodes.Ldc_I4, cycle + points - 1));
        else
            PushBytes(node, () => il.Emit(OpCodes.Ldarg_1));
        il.Emit(OpCodes.Call, LaneMethods.Member(typeof(AccessCheck), nameof(AccessCheck.Within)));
    }

    /// <summary>A number of a node's elements in bytes.</summary>
    private void PushBytes(int node, Action pushElements)
    {
        pushElements();
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Ldc_I4, plan.Nodes[node].DType.Size);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Mul);
    }

    /// <summary>How many points are left.</summary>
    public void PushLeft()
    {
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Conv_I4);
    }

    public void IfLeftIsBelow(int least, Label target)
    {
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldc_I4, least);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Blt, target);
    }
}
