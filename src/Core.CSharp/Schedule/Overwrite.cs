using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>
/// Lets maps write over what dies with them: a temporary that a map reads for the last time, each element for the result in the same place, lies in the
/// memory of the results from the start. What a host function may keep stays as it is.
/// </summary>
internal static class Overwrite
{
    public static Program Run(Program program)
    {
        int[] lastUses = PlanMemory.LastUses(program);
        int[] writers = Fuse.Writers(program);
        HashSet<int> kept =
        [
            .. program.Kernels.OfType<Host>().SelectMany(host => host.Keeps).Select(input => input.Slot),
        ];
        var places = new Places();
        for (int i = 0; i < program.Kernels.Count; i++)
            if (program.Kernels[i] is Map map && writers[map.Output.Slot] == 1)
                foreach (Operand input in map.Inputs)
                    if (lastUses[input.Slot] == i && !kept.Contains(input.Slot) && IsReplaced(program, map, input))
                    {
                        places.Add(input.Slot, map.Output.Slot, offset: 0);
                        break;
                    }
        return places.Moved(program, program.Kernels);
    }

    /// <summary>Whether a map reads a temporary element by element as it writes its output, and all of both.</summary>
    private static bool IsReplaced(Program program, Map map, Operand input)
    {
        (Slot read, Slot written) = (program.Slots[input.Slot], program.Slots[map.Output.Slot]);
        return PlanMemory.IsInArena(read)
            && read.DType == written.DType
            && (read.Length, written.Length) == (map.Domain.Length, map.Domain.Length)
            && map.Inputs.All(other => other.Slot != input.Slot || other.Map == map.Output.Map);
    }
}
