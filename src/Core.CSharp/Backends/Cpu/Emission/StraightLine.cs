using System.Reflection.Emit;
using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Backends.Cpu;

/// <summary>Consecutive kernels as machine code, given where each slot lies.</summary>
internal unsafe delegate void RunCode(byte** slots);

/// <summary>
/// Emits tiny kernels one after the other, without loops: the place of every operand is a number in the code.
/// </summary>
internal sealed unsafe class StraightLine
{
    private const int WidestBytes = 64;

    private readonly DynamicMethod method = new(
        "Run",
        null,
        [typeof(byte**)],
        typeof(StraightLine).Module,
        skipVisibility: true
    );
    private readonly ILGenerator il;
    private readonly ValueArray<Slot> slots;

    /// <summary>Room for the values of a reduction, one behind the other; made when the first needs it.</summary>
    private LocalBuilder? room;

    public StraightLine(ValueArray<Slot> slots)
    {
        this.slots = slots;
        il = method.GetILGenerator();
    }

    /// <summary>The code of all kernels that were added.</summary>
    public RunCode Complete()
    {
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<RunCode>();
    }

    public void Add(TinyKernel kernel)
    {
        int most = kernel.Types.Points;
        bool isGathered = kernel is { Reduction: not null, Vectors: > 1 };
        if (isGathered)
            room ??= Room();
        for (int start = 0; start < kernel.Points; start += most)
        {
            var body = new LaneBody(il, kernel.Nodes, kernel.Types, kernel.InlinesFunctions);
            int count = Math.Min(most, kernel.Points - start);
            for (int node = 0; node < kernel.Nodes.Length; node++)
                Compute(kernel, body, node, start, count);
            body.Push(kernel.Nodes.Length - 1);
            if (isGathered)
                StoreInRoom(kernel, start);
            else if (kernel.Reduction is { } one)
                FoldFirst(kernel, one, count);
            else
                Store(kernel, start, count);
        }
        if (isGathered)
            FoldRoom(kernel, kernel.Reduction!.Value);
        if (kernel.Reduction != null)
            StoreResult(kernel);
    }

    private void Compute(TinyKernel kernel, LaneBody body, int number, int start, int count)
    {
        Node node = kernel.Nodes[number];
        if (node.Kind == NodeKind.Input)
        {
            Load(kernel, node, start, count);
            body.Keep(number);
        }
        else if (node.Kind == NodeKind.Index)
        {
            // Only a domain of one point has coordinates here.
            body.Constant(DType.Int64, 0);
            body.Keep(number);
        }
        else if (kernel.IsUsed[number])
            body.Compute(number);
    }

    private void Load(TinyKernel kernel, Node node, int start, int count)
    {
        Operand operand = kernel.Input(node);
        var memory = new LaneMemory(il, kernel.Types);
        if (kernel.IsShared(operand, start, count))
        {
            PushAddress(operand.Slot, kernel.Element(operand, start), 1);
            memory.LoadOne(node.DType);
            return;
        }
        (int first, int last) = kernel.Reach(operand, start, count);
        int length = last - first + 1;
        PushAddress(operand.Slot, first, length);
        if (length == memory.Points)
            memory.Load(node.DType);
        else
        {
            il.Emit(OpCodes.Ldc_I4, length);
            memory.LoadPart(node.DType);
        }
        if (kernel.IsInOrder(operand, start, count))
            return;
        int[] places = new int[memory.Points];
        for (int i = 0; i < count; i++)
            places[i] = kernel.Element(operand, start + i) - first;
        memory.Pick(node.DType, places);
    }

    /// <summary>Stores the value on the stack. One element as such: what is stored in part of a vector could not be forwarded to the next load.</summary>
    private void Store(TinyKernel kernel, int start, int count)
    {
        DType dtype = kernel.Nodes[^1].DType;
        var memory = new LaneMemory(il, kernel.Types);
        if (count == 1)
            memory.TakeFirst(dtype);
        LocalBuilder value = il.DeclareLocal(count == 1 ? LaneTypes.Element(dtype) : kernel.Types.Of(dtype));
        il.Emit(OpCodes.Stloc, value);
        if (count == 1)
        {
            PushAddress(kernel.Output.Slot, kernel.Element(kernel.Output, start), count);
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Stobj, LaneTypes.Element(dtype));
            return;
        }
        il.Emit(OpCodes.Ldloc, value);
        PushAddress(kernel.Output.Slot, kernel.Element(kernel.Output, start), count);
        if (count == memory.Points)
            memory.Store(dtype);
        else
        {
            il.Emit(OpCodes.Ldc_I4, count);
            memory.StorePart(dtype);
        }
    }

    private LocalBuilder Room()
    {
        LocalBuilder place = il.DeclareLocal(typeof(byte*));
        il.Emit(OpCodes.Ldc_I4, TinyKernel.MostVectors * WidestBytes);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Localloc);
        il.Emit(OpCodes.Stloc, place);
        return place;
    }

    /// <summary>Stores all lanes of the value on the stack.</summary>
    private void StoreInRoom(TinyKernel kernel, int start)
    {
        DType dtype = kernel.Nodes[^1].DType;
        il.Emit(OpCodes.Ldloc, room!);
        il.Emit(OpCodes.Ldc_I4, start * dtype.Size);
        il.Emit(OpCodes.Add);
        new LaneMemory(il, kernel.Types).Store(dtype);
    }

    /// <summary>Combines all values in the room, with the vectors of the interpreter and so in its order.</summary>
    private void FoldRoom(TinyKernel kernel, Kernels.Reduction reduction)
    {
        Type element = LaneTypes.Element(kernel.Nodes[^1].DType);
        il.Emit(OpCodes.Ldloc, room!);
        il.Emit(OpCodes.Ldc_I4, kernel.Points);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Call, LaneMethods.Fold(reduction, LaneTypes.Widest(element), element));
    }

    /// <summary>Combines the first lanes of the value on the stack.</summary>
    private void FoldFirst(TinyKernel kernel, Kernels.Reduction reduction, int count)
    {
        DType dtype = kernel.Nodes[^1].DType;
        il.Emit(OpCodes.Ldc_I4, count);
        il.Emit(OpCodes.Call, LaneMethods.FoldFirst(reduction, kernel.Types.Of(dtype), LaneTypes.Element(dtype)));
    }

    /// <summary>Stores the one result on the stack.</summary>
    private void StoreResult(TinyKernel kernel)
    {
        Type element = LaneTypes.Element(kernel.Nodes[^1].DType);
        LocalBuilder result = il.DeclareLocal(element);
        il.Emit(OpCodes.Stloc, result);
        PushAddress(kernel.Output.Slot, kernel.Element(kernel.Output, 0), 1);
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Stobj, element);
    }

    /// <summary>Puts the place of so many elements of a slot on the stack. It is known here, so it is checked here.</summary>
    private void PushAddress(int slot, int element, int count)
    {
        if (element < 0 || element + count > slots[slot].Length)
            throw AccessCheck.Outside($"elements {element} … {element + count - 1} of slot {slot}");
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, slot * sizeof(byte*));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldind_I);
        il.Emit(OpCodes.Ldc_I4, element * slots[slot].DType.Size);
        il.Emit(OpCodes.Add);
    }
}
