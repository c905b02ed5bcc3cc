using Xunit;

namespace Implicit.Tests.Laws;

/// <summary>Bytes that a call allocates on the managed heap, counted by the runtime for this thread.</summary>
internal static class Bytes
{
    /// <summary>Many steps allocate what few do, to the byte.</summary>
    /// <param name="solve">Takes at most so many steps, and says how many they were.</param>
    /// <param name="few">Enough that all memory of a solve is there.</param>
    /// <param name="many">More steps.</param>
    public static void AssertFlat(Func<int, int> solve, int few, int many)
    {
        Assert.Equal((few, many), (solve(few), solve(many)));
        AssertFlat(() => solve(few), () => solve(many));
    }

    /// <summary>
    /// One call allocates what another does, or as much more as lists take. They are counted again until it is so, for ten seconds or more: optimised code keeps
    /// objects on the stack that other code allocates, and while tests beside this one begin, the JIT optimises nothing. What steps allocate is there in
    /// every count.
    /// </summary>
    public static void AssertFlat(Action few, Action many, long lists = 0)
    {
        long leastOfFew = long.MaxValue;
        long leastOfMany = long.MaxValue;
        for (int round = 0; round < 100; round++)
        {
            // The first call after a pause may do what was put off.
            few();
            leastOfFew = Math.Min(leastOfFew, Of(few));
            leastOfMany = Math.Min(leastOfMany, Of(many));
            if (Math.Abs(leastOfMany - leastOfFew) <= lists)
                return;
            Thread.Sleep(100);
        }
        Assert.Fail($"{leastOfFew} bytes for few steps, {leastOfMany} for many, of which lists may take {lists}");
    }

    /// <summary>What a list allocates that grows to a length by doubling: all its arrays, of four elements, eight and so on.</summary>
    public static long OfList(int length, int elementBytes)
    {
        const int Header = 24;
        long bytes = 0;
        for (int capacity = 4; bytes == 0 || capacity < 2 * length; capacity *= 2)
            bytes += Header + ((long)capacity * elementBytes);
        return bytes;
    }

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
