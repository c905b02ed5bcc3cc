using Implicit.Kernels;
using Implicit.Shapes;

namespace Implicit.Schedule;

/// <summary>
/// Computes elementwise results where they are used: a map that only fills a temporary moves into the bodies of the maps and reductions that
/// read it, so that chains and trees of elementwise work, their broadcasts, views and trailing reductions become one kernel.
/// </summary>
/// <remarks>
/// Nothing is computed more often than before, but for results that are one number, and for those that are as cheap to compute as to read: a copy, or
/// a few operations on one value. The kernels that are left without readers are removed by <see cref="DeadKernels"/>; what they alone had read
/// beside others then has one reader less, so that a second run finds more.
/// </remarks>
internal static class Fuse
{
    public static Program Run(Program program)
    {
        Read read = new(Readers(program), Readers(program, kernel => kernel is not (Map or Reduce)));
        int[] writers = Writers(program);
        var producers = new Dictionary<int, Producer>();
        var kernels = new Kernel[program.Kernels.Count];
        for (int i = 0; i < kernels.Length; i++)
        {
            kernels[i] = program.Kernels[i] switch
            {
                Map map => Into(map, producers, read),
                Reduce reduce => Into(reduce, producers, read),
                Kernel other => other,
            };
            if (kernels[i] is Map { Output: Operand output } filled && IsWhole(program.Slots[output.Slot], filled))
                if (writers[output.Slot] == 1)
                    producers[output.Slot] = new Producer(filled);
        }
        return program with { Kernels = new ValueArray<Kernel>(kernels) };
    }

    private static Map Into(Map consumer, Dictionary<int, Producer> producers, Read read)
    {
        var fusion = new Fusion(consumer.Domain, consumer.Inputs, producers, read);
        return consumer with { Body = fusion.Rewrite(consumer.Body), Inputs = fusion.Operands };
    }

    private static Reduce Into(Reduce consumer, Dictionary<int, Producer> producers, Read read)
    {
        var fusion = new Fusion(consumer.Domain, consumer.Inputs, producers, read);
        return consumer with { Body = fusion.Rewrite(consumer.Body), Inputs = fusion.Operands };
    }

    /// <summary>Whether a map fills all of a temporary, in order.</summary>
    private static bool IsWhole(Slot slot, Map map) =>
        PlanMemory.IsInArena(slot) && slot.Length == map.Domain.Length && map.Output.Map.IsContiguous(map.Domain);

    /// <summary>How many kernels read each slot.</summary>
    internal static int[] Readers(Program program) => Readers(program, _ => true);

    private static int[] Readers(Program program, Func<Kernel, bool> counts)
    {
        int[] readers = new int[program.Slots.Count];
        foreach (Kernel kernel in program.Kernels.Where(counts))
        foreach (int slot in kernel.Reads.Select(read => read.Slot).Distinct())
            readers[slot]++;
        return readers;
    }

    /// <summary>How many kernels write into each slot.</summary>
    internal static int[] Writers(Program program)
    {
        int[] writers = new int[program.Slots.Count];
        foreach (Kernel kernel in program.Kernels)
        foreach (Operand write in kernel.Writes)
            writers[write.Slot]++;
        return writers;
    }

    /// <summary>How many kernels read each slot, and how many of them cannot compute what they read.</summary>
    internal readonly record struct Read(int[] Kernels, int[] Others);
}
