using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>
/// Takes what depends on the numbers of a program alone (a mask, the sines of positions, the draws of a fixed key) out of its runs: it is
/// computed once, when the program is prepared, and kept.
/// </summary>
/// <remarks>
/// What is one number for all points stays: maps and reductions that read it compute with the number itself (<see cref="Fuse"/>). So does what could
/// fail, for that is an error of a run.
/// </remarks>
internal static class KeepConstants
{
    /// <summary>A program keeps no more: what is kept lives as long as the plan.</summary>
    internal const long MostBytes = 1 << 20;

    public static Program Run(Program program)
    {
        Known[] known = KnownSlots(program);
        int[] kept = Kept(program, known);
        if (kept.Length == 0)
            return program;
        var slots = program.Slots.ToArray();
        for (int number = 0; number < kept.Length; number++)
            slots[kept[number]] = slots[kept[number]] with { Kind = SlotKind.Kept, Position = number };
        Program once = Once(program, known, kept);
        Verifier.CheckIfEnabled(once);
        Kernel[] left = [.. program.Kernels.Where(kernel => kernel.Writes.All(IsLeft))];
        return DeadKernels.Run(program with { Slots = [.. slots], Kernels = [.. left], Once = once });

        bool IsLeft(Operand write) => slots[write.Slot].Kind != SlotKind.Kept;
    }

    /// <summary>What is known of each slot before a run.</summary>
    private static Known[] KnownSlots(Program program)
    {
        var known = new Known[program.Slots.Count];
        int bound = program.BoundLiterals;
        for (int slot = 0; slot < known.Length; slot++)
            if (program.Slots[slot] is { Kind: SlotKind.Literal } literal && literal.Position >= bound)
                known[slot] = Known.Number;
        int[] writers = Fuse.Writers(program);
        foreach (Kernel kernel in program.Kernels)
        {
            if (kernel is not (Map or Reduce or Accumulate or MatMul or Kernels.Random))
                continue;
            int output = kernel.Writes.Single().Slot;
            if (writers[output] != 1 || !PlanMemory.IsInArena(program.Slots[output]))
                continue;
            Known least = kernel.Reads.Select(read => known[read.Slot]).Append(Known.Number).Min();
            bool isNumber = kernel is Map map && !ScalarBody.UsesIndex(map.Body);
            known[output] = least == Known.Number && !isNumber ? Known.Values : least;
        }
        return known;
    }

    /// <summary>The slots that runs read of what is known, those of one number only where a kernel that cannot compute with it reads them.</summary>
    private static int[] Kept(Program program, Known[] known)
    {
        long bytes = 0;
        var kept = new List<int>();
        var met = new HashSet<int>();
        foreach (Kernel kernel in program.Kernels)
        {
            if (kernel.Writes.All(write => known[write.Slot] != Known.Nothing))
                continue;
            foreach (int slot in kernel.Reads.Select(read => read.Slot).Distinct())
            {
                bool isKept =
                    known[slot] == Known.Values || (known[slot] == Known.Number && kernel is not (Map or Reduce));
                if (!isKept || !PlanMemory.IsInArena(program.Slots[slot]) || !met.Add(slot))
                    continue;
                long size = (long)PlanMemory.Blocks(program.Slots[slot]) * PlanMemory.Block;
                if (bytes + size > MostBytes)
                    continue;
                bytes += size;
                kept.Add(slot);
            }
        }
        return [.. kept];
    }

    /// <summary>Computes the kept slots as outputs, with nothing but the constants to read.</summary>
    private static Program Once(Program program, Known[] known, int[] kept)
    {
        var slots = program.Slots.ToArray();
        int bound = program.BoundLiterals;
        for (int slot = 0; slot < slots.Length; slot++)
            if (known[slot] == Known.Nothing)
                slots[slot] = new Slot(SlotKind.Temporary, DType.Bool, Length: 0, Position: 0);
            else if (slots[slot].Kind == SlotKind.Literal)
                slots[slot] = slots[slot] with { Position = slots[slot].Position - bound };
        for (int number = 0; number < kept.Length; number++)
            slots[kept[number]] = slots[kept[number]] with { Kind = SlotKind.Output, Position = number };
        var once = new Program(
            [.. slots],
            [.. program.Kernels.Where(kernel => kernel.Writes.All(write => known[write.Slot] != Known.Nothing))],
            ArenaBytes: 0,
            OpaqueCount: 0
        )
        {
            Constants = program.Constants,
        };
        return PlanMemory.Run(DeadKernels.Run(Fuse.Run(DeadKernels.Run(once))));
    }

    private enum Known
    {
        Nothing,

        /// <summary>All its elements, which do not depend on the run.</summary>
        Values,

        /// <summary>They are one number.</summary>
        Number,
    }
}
