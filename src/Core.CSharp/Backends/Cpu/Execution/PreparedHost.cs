using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>
/// Calls a host function. Inputs that only live in the arena are copied first, so that a function may keep what it
/// was given; results are written straight into their slots.
/// </summary>
internal sealed unsafe class PreparedHost(Host host, ReadOnlySpan<Slot> slots) : PreparedKernel
{
    private readonly Slot[] slots = slots.ToArray();
    private readonly int[] lengths = LengthsOf(host, slots);

    public override void Run(Frame frame)
    {
        var inputs = new Buffer[host.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = InputOf(frame, host.Inputs[i]);
        var outputs = new Buffer?[host.Outputs.Count];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = host.Wanted[i] ? OutputOf(frame, host.Outputs[i], lengths[i]) : null;
        host.Function.Run(inputs, outputs, host.Wanted.Span);
        for (int i = 0; i < outputs.Length; i++)
            if (host.Wanted[i] && slots[host.Outputs[i].Slot].DType == DType.Opaque)
                KeepOpaque(frame, slots[host.Outputs[i].Slot], outputs[i]);
    }

    private Buffer InputOf(Frame frame, Operand operand)
    {
        Slot slot = slots[operand.Slot];
        Buffer? own = OwnBuffer(frame, slot);
        if (slot.DType == DType.Opaque)
            return own
                ?? throw new InvalidOperationException("A host function reads an opaque value before it was made.");
        int offset = operand.Map.Offset;
        int length = slot.Length;
        if (own != null)
            return offset == 0 ? own : ((HostBuffer)own).Slice(offset, length - offset);
        HostBuffer copy = HostBuffer.Allocate(slot.DType, length - offset);
        long bytes = (long)(length - offset) * slot.DType.Size;
        System.Buffer.MemoryCopy(SlotView.Of(operand, slots).In(frame), copy.Pointer, bytes, bytes);
        return copy;
    }

    private Buffer? OutputOf(Frame frame, Operand operand, int length)
    {
        Slot slot = slots[operand.Slot];
        if (slot.DType == DType.Opaque)
            return null;
        if (slot.Kind == SlotKind.Output && operand.Map.Offset == 0 && length == slot.Length)
            return frame.Outputs[slot.Position];
        return new HostBuffer(slot.DType, length, null, SlotView.Of(operand, slots).In(frame));
    }

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

    private static int[] LengthsOf(Host host, ReadOnlySpan<Slot> slots)
    {
        int[] lengths = new int[host.Outputs.Count];
        for (int i = 0; i < lengths.Length; i++)
            if (host.Wanted[i])
                lengths[i] = slots[host.Outputs[i].Slot].Length - host.Outputs[i].Map.Offset;
        return lengths;
    }
}
