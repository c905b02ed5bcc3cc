using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>
/// Gives temporaries a place in the arena from their lifetimes: a temporary lives from the kernel that first writes it to the last
/// that reads it, and its bytes are used again afterwards.
/// </summary>
internal static class PlanMemory
{
    /// <summary>Bytes of a block, in which places and sizes are counted.</summary>
    internal const int Block = 64;

    public static Program Run(Program program)
    {
        int[] lastUse = LastUses(program);
        var slots = program.Slots.ToArray();
        var free = new FreeList();
        bool[] placed = new bool[slots.Length];
        for (int i = 0; i < program.Kernels.Count; i++)
        {
            foreach (Operand write in program.Kernels[i].Writes)
                if (!placed[write.Slot] && IsInArena(slots[write.Slot]))
                {
                    placed[write.Slot] = true;
                    slots[write.Slot] = slots[write.Slot] with { Position = free.Take(Blocks(slots[write.Slot])) };
                }
            foreach (int slot in Touched(program.Kernels[i]))
                if (lastUse[slot] == i && placed[slot])
                    free.Return(slots[slot].Position, Blocks(slots[slot]));
        }
        return program with { Slots = new ValueArray<Slot>(slots), ArenaBytes = (long)free.End * Block };
    }

    internal static bool IsInArena(Slot slot) => slot.Kind == SlotKind.Temporary && slot.DType != DType.Opaque;

    internal static int Blocks(Slot slot) => (int)((((long)slot.Length * slot.DType.Size) + Block - 1) / Block);

    internal static IEnumerable<int> Touched(Kernel kernel) =>
        kernel.Reads.Concat(kernel.Writes).Select(operand => operand.Slot).Distinct();

    internal static int[] LastUses(Program program)
    {
        int[] last = new int[program.Slots.Count];
        for (int i = 0; i < program.Kernels.Count; i++)
            foreach (int slot in Touched(program.Kernels[i]))
                last[slot] = i;
        return last;
    }

    /// <summary>First fit over the free pieces, which are kept in order of position and merged.</summary>
    private sealed class FreeList
    {
        private readonly SortedList<int, int> pieces = [];

        /// <summary>Blocks in use so far, the high-water mark.</summary>
        public int End { get; private set; }

        public int Take(int size)
        {
            for (int i = 0; i < pieces.Count; i++)
                if (pieces.Values[i] >= size)
                {
                    int at = pieces.Keys[i];
                    int left = pieces.Values[i] - size;
                    pieces.RemoveAt(i);
                    if (left > 0)
                        pieces.Add(at + size, left);
                    return at;
                }
            int end = End;
            if (size > int.MaxValue - end)
                Throw.Error(
                    "plan",
                    "what is computed on the way to results must take less than 128 GiB at a time",
                    $"{((long)end + size) * Block} bytes"
                );
            End = end + size;
            return end;
        }

        public void Return(int position, int size)
        {
            if (size == 0)
                return;
            pieces.Add(position, size);
            int i = pieces.IndexOfKey(position);
            if (i + 1 < pieces.Count && position + size == pieces.Keys[i + 1])
            {
                pieces[position] = size += pieces.Values[i + 1];
                pieces.RemoveAt(i + 1);
            }
            if (i > 0 && pieces.Keys[i - 1] + pieces.Values[i - 1] == position)
            {
                int before = pieces.Keys[i - 1];
                pieces.RemoveAt(i);
                pieces[before] += size;
            }
        }
    }
}
