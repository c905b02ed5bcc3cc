using System.Runtime.CompilerServices;
using Implicit.Kernels;

namespace Implicit.Backends.Cpu;

/// <summary>Where a kernel's operand begins, in any frame.</summary>
internal readonly unsafe struct SlotView(int slot, long byteOffset)
{
    public static SlotView Of(Operand operand, ReadOnlySpan<Slot> slots) =>
        new(operand.Slot, (long)operand.Map.Offset * slots[operand.Slot].DType.Size);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* In(Frame frame) => frame.Slots[slot] + byteOffset;
}
