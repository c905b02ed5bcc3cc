using Implicit.Kernels;

namespace Implicit.Schedule;

/// <summary>
/// Runs what makes little of much, the gradient of a factor or a sum, as soon as all it reads is there: then that is still in the caches, and its
/// memory is free for what follows. In the order of a graph, gradients of weights stand behind everything that leads to them.
/// </summary>
internal static class CondenseEarly
{
    /// <summary>How many times more is read than written.</summary>
    private const int Ratio = 4;

    /// <summary>Bytes that the nearest cache keeps anyway.</summary>
    private const long Near = 1 << 15;

    private const int Unread = -2;

    public static Program Run(Program program) => Run(program, Near);

    /// <summary>Tests move what is near as well.</summary>
    internal static Program Run(Program program, long near)
    {
        Kernel[] kernels = [.. program.Kernels];
        int[] owners = Owners(program, kernels, near);
        if (Array.TrueForAll(owners, owner => owner < 0))
            return program;
        int[] after = Afters(program, kernels, owners);
        int[] order = [.. Enumerable.Range(0, kernels.Length).OrderBy(Place)];
        return program with { Kernels = [.. order.Select(i => kernels[i])] };

        // What moves comes behind the kernel that it waits for, in its own order.
        (int, int) Place(int i) => owners[i] < 0 ? (i, -1) : (after[owners[i]], owners[i]);
    }

    /// <summary>
    /// For each kernel the one that condenses what it makes: itself, or the only one that its result serves, if it may come with it
    /// (<see cref="MayCome"/>). −1 for those that stay.
    /// </summary>
    private static int[] Owners(Program program, Kernel[] kernels, long near)
    {
        int[] owners = new int[kernels.Length];
        int[] writers = Fuse.Writers(program);
        // The owner of all that read a slot.
        int[] readers = new int[program.Slots.Count];
        Array.Fill(readers, Unread);
        for (int i = kernels.Length - 1; i >= 0; i--)
        {
            owners[i] =
                Condenses(program, kernels[i], near) ? i
                : kernels[i] is Map map && MayCome(program, map, writers) ? Math.Max(-1, readers[map.Output.Slot])
                : -1;
            foreach (Operand read in kernels[i].Reads)
                readers[read.Slot] = readers[read.Slot] == Unread || readers[read.Slot] == owners[i] ? owners[i] : -1;
        }
        return owners;
    }

    /// <summary>
    /// Whether a map can run later than it stands, as long as it runs before what reads its result: no slot that it reads is written again, and the one
    /// that it writes is written by it alone and is no output.
    /// </summary>
    private static bool MayCome(Program program, Map map, int[] writers) =>
        writers[map.Output.Slot] == 1
        && PlanMemory.IsInArena(program.Slots[map.Output.Slot])
        && map.Reads.All(read => writers[read.Slot] <= 1);

    private static bool Condenses(Program program, Kernel kernel, long near)
    {
        (long read, long written, int slot) = kernel switch
        {
            MatMul product => (
                product.Batch.Length * (((long)product.M * product.K) + ((long)product.K * product.N)),
                product.Domain.Length,
                product.Output.Slot
            ),
            Reduce reduce => (reduce.Domain.Length, reduce.Domain.Take(reduce.Kept).Length, reduce.Output.Slot),
            _ => (0L, 0L, 0),
        };
        return read >= Ratio * written && read * program.Slots[slot].DType.Size > near;
    }

    /// <summary>
    /// For each kernel the last one, among those that stay where they are, behind which it may come: it reads or overwrites what that one or those
    /// before it leave. For an owner, that of all that it owns.
    /// </summary>
    /// <remarks>
    /// What an owner owns runs with it, and so may run later than its own reads and writes are noted for here, since the owner itself or another that it
    /// owns may have to wait longer. Nothing can come between: to be in the way, a kernel would have to write what the map reads or writes, or to read
    /// what it writes. The first is written once at most, and stood before the map (<see cref="MayCome"/>); the second is written by the map alone
    /// and read by none but the owner and what it owns, which come behind the map in their own order. An owner comes last of its own: what is noted
    /// for it is where it runs.
    /// </remarks>
    private static int[] Afters(Program program, Kernel[] kernels, int[] owners)
    {
        int[] after = new int[kernels.Length];
        int[] lastWrite = new int[program.Slots.Count];
        int[] lastTouch = new int[program.Slots.Count];
        Array.Fill(after, -1);
        Array.Fill(lastWrite, -1);
        Array.Fill(lastTouch, -1);
        for (int i = 0; i < kernels.Length; i++)
        {
            int ready = -1;
            foreach (Operand read in kernels[i].Reads)
                ready = Math.Max(ready, lastWrite[read.Slot]);
            foreach (Operand write in kernels[i].Writes)
                ready = Math.Max(ready, lastTouch[write.Slot]);
            int owner = owners[i] < 0 ? i : owners[i];
            after[owner] = ready = owners[i] < 0 ? i : Math.Max(ready, after[owner]);
            foreach (Operand read in kernels[i].Reads)
                lastTouch[read.Slot] = Math.Max(lastTouch[read.Slot], ready);
            foreach (Operand write in kernels[i].Writes)
                lastWrite[write.Slot] = lastTouch[write.Slot] = Math.Max(lastTouch[write.Slot], ready);
        }
        return after;
    }
}
