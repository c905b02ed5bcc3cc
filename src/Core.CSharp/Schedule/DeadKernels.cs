using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>Removes kernels whose results nothing reads.</summary>
internal static class DeadKernels
{
    public static Program Run(Program program)
    {
        bool[] live = new bool[program.Slots.Count];
        for (int slot = 0; slot < live.Length; slot++)
            live[slot] = program.Slots[slot].Kind == SlotKind.Output;
        var kept = new List<Kernel>(program.Kernels.Count);
        for (int i = program.Kernels.Count - 1; i >= 0; i--)
        {
            Kernel kernel = program.Kernels[i];
            if (!kernel.Writes.Any(write => live[write.Slot]))
                continue;
            foreach (Operand read in kernel.Reads)
                live[read.Slot] = true;
            kept.Add(kernel);
        }
        kept.Reverse();
        return program with { Kernels = new ValueArray<Kernel>([.. kept]) };
    }
}
