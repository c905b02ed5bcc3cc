namespace Implicit.Tests.Laws;

/// <summary>Bytes that a call allocates on the managed heap, counted by the runtime for this thread.</summary>
internal static class Bytes
{
    /// <summary>The least of several counts of a warm call: the tiers of the JIT allocate on their own.</summary>
    public static long Of(Action call)
    {
        for (int i = 0; i < 40; i++)
            call();
        long least = long.MaxValue;
        for (int i = 0; i < 10; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
