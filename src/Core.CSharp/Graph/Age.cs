using System.Runtime.CompilerServices;

namespace Implicit.Graph;

/// <summary>
/// Ids that tell what was made after what, without a counter of the thread, which each node would have to find: a node's is above that of its newest
/// input, and above the floor, which the process raises for each trace.
/// </summary>
internal static class Age
{
    /// <summary>
    /// What was made before the floor was raised is below it, unless it is further than this from the floor before. Only the graph within one trace
    /// can be: outside of traces the floor follows what is computed (<see cref="Reach"/>), and chains that are not end by themselves. Ids last for
    /// 35 years of a million traces a second.
    /// </summary>
    private const long Step = 1 << 13;

    private static long floor;

    /// <summary>Begins a time: what is made from now on, on any thread, has a larger id than the number that this gives.</summary>
    public static long Begin() => Interlocked.Add(ref floor, Step);

    /// <summary>The id of a node whose newest input has a given one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long After(long newest) => Math.Max(newest, Volatile.Read(ref floor)) + 1;

    /// <summary>Called with the ids of what is computed, so that the floor follows a loop that goes on and on without traces.</summary>
    public static void Reach(long id)
    {
        long known = Volatile.Read(ref floor);
        while (id - known > Step / 2)
        {
            long there = Interlocked.CompareExchange(ref floor, id, known);
            known = there == known ? id : there;
        }
    }
}
