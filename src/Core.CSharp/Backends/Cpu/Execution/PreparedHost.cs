using Implicit.Kernels;
using Implicit.Shapes;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Calls a host function. Inputs that only live in the arena are copied first for a function that keeps what it was given; results are
/// written straight into their slots.
/// </summary>
internal sealed unsafe class PreparedHost(Host host, ReadOnlySpan<Slot> slots) : PreparedKernel
{
    private readonly Slot[] inputSlots = SlotsOf(host.Inputs, slots);
    private readonly Slot[] outputSlots = SlotsOf(host.Outputs, slots);
    private Call? idle;

    public override void Run(Frame frame)
    {
        // Runs may overlap, and a function may call this program again: one of them at a time has what is kept.
        Call call = Interlocked.Exchange(ref idle, null) ?? new(host.Inputs.Count, host.Outputs.Count);
        (Buffer?[] inputs, Buffer?[] outputs) = (call.Inputs, call.Outputs);
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = InputOf(frame, host.Inputs[i], inputSlots[i], ref call.InputViews[i]);
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = OutputOf(frame, host.Outputs[i], outputSlots[i], ref call.OutputViews[i]);
        host.Function.Run(inputs!, outputs);
        // The function may have gone on with a span of a buffer that nothing else refers to.
        GC.KeepAlive(inputs);
        for (int i = 0; i < outputs.Length; i++)
            if (outputSlots[i].DType == DType.Opaque)
                KeepOpaque(frame, outputSlots[i], outputs[i]);
        Array.Clear(inputs);
        Array.Clear(outputs);
        idle = call;
    }

    private Buffer InputOf(Frame frame, Operand operand, Slot slot, ref HostBuffer? view)
    {
        Buffer? own = OwnBuffer(frame, slot);
        if (slot.DType == DType.Opaque)
            return own
                ?? throw new InvalidOperationException("A host function reads an opaque value before it was made.");
        int offset = operand.Map.Offset;
        int length = slot.Length;
        if (own != null && offset == 0)
            return own;
        if (!host.Function.KeepsInputs)
            return View(frame, operand, slot, ref view);
        if (own != null)
            return ((HostBuffer)own).Slice(offset, length - offset);
        HostBuffer copy = HostBuffer.Allocate(slot.DType, length - offset);
        long bytes = (long)(length - offset) * slot.DType.Size;
        System.Buffer.MemoryCopy(At(frame, operand, slot), copy.Pointer, bytes, bytes);
        return copy;
    }

    private static Buffer? OutputOf(Frame frame, Operand operand, Slot slot, ref HostBuffer? view)
    {
        if (slot.DType == DType.Opaque)
            return null;
        if (slot.Kind == SlotKind.Output && operand.Map.Offset == 0)
            return frame.Outputs[slot.Position];
        return View(frame, operand, slot, ref view);
    }

    /// <summary>A value in memory of the frame, which nobody keeps.</summary>
    private static HostBuffer View(Frame frame, Operand operand, Slot slot, ref HostBuffer? view) =>
        HostBuffer.View(slot.DType, slot.Length - operand.Map.Offset, At(frame, operand, slot), ref view);

    private static byte* At(Frame frame, Operand operand, Slot slot) =>
        frame.Slots[operand.Slot] + ((long)operand.Map.Offset * slot.DType.Size);

    private static Buffer? OwnBuffer(Frame frame, Slot slot) =>
        slot.Kind switch
        {
            SlotKind.Input => frame.Inputs[slot.Position],
            SlotKind.Output => frame.Outputs[slot.Position],
            SlotKind.Temporary when slot.DType == DType.Opaque => frame.Opaque[slot.Position],
            _ => null,
        };

    private static void KeepOpaque(Frame frame, Slot slot, Buffer? value)
    {
        if (slot.Kind == SlotKind.Output)
            frame.Outputs[slot.Position] = value;
        else
            frame.Opaque[slot.Position] = value;
    }

    private static Slot[] SlotsOf(ValueArray<Operand> operands, ReadOnlySpan<Slot> slots)
    {
        var own = new Slot[operands.Count];
        for (int i = 0; i < own.Length; i++)
            own[i] = slots[operands[i].Slot];
        return own;
    }

    /// <summary>The operands of one call, and views that are moved to where the next call has its own.</summary>
    private sealed class Call(int inputs, int outputs)
    {
        public readonly Buffer?[] Inputs = new Buffer[inputs];
        public readonly Buffer?[] Outputs = new Buffer[outputs];
        public readonly HostBuffer?[] InputViews = new HostBuffer[inputs];
        public readonly HostBuffer?[] OutputViews = new HostBuffer[outputs];
    }
}
