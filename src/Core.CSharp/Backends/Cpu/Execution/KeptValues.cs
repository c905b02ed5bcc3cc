using Implicit.Kernels;
using Buffer = Implicit.Kernels.Buffer;

namespace Implicit.Backends.Cpu;

/// <summary>What a program computes once, for all its runs, in memory of its own.</summary>
internal static unsafe class KeptValues
{
    /// <summary>The values of the kept slots, by number.</summary>
    public static Buffer[] Of(Program program)
    {
        if (program.Once is not { } once)
            return [];
        Slot[] slots = [.. program.Slots.Where(slot => slot.Kind == SlotKind.Kept).OrderBy(slot => slot.Position)];
        var memory = new Storage(Pool.Shared, slots.Sum(BytesOf));
        var values = new Buffer[slots.Length];
        byte* start = memory.Pointer;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new HostBuffer(slots[i].DType, slots[i].Length, memory, start);
            start += BytesOf(slots[i]);
        }
        new CpuExecutable(once).Run([], [], values!);
        return values;
    }

    private static long BytesOf(Slot slot) =>
        (((long)slot.Length * slot.DType.Size) + Pool.Alignment - 1) & -Pool.Alignment;
}
