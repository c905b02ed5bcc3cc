namespace Implicit.Transforms;

/// <summary>Positions chosen by flags.</summary>
internal static class Flags
{
    /// <summary>The positions that are set, ascending.</summary>
    public static int[] Indices(ReadOnlySpan<bool> flags)
    {
        var indices = new List<int>();
        for (int i = 0; i < flags.Length; i++)
            if (flags[i])
                indices.Add(i);
        return [.. indices];
    }

    /// <summary>Which items are there.</summary>
    public static bool[] Present<T>(ReadOnlySpan<T?> items)
        where T : class
    {
        bool[] present = new bool[items.Length];
        for (int i = 0; i < present.Length; i++)
            present[i] = items[i] is not null;
        return present;
    }

    /// <summary>The items that are there.</summary>
    public static T[] Given<T>(ReadOnlySpan<T?> items)
        where T : class => Chosen<T>(Present(items), items!);

    /// <summary>One item per flag: the given ones where it is set, null elsewhere.</summary>
    public static T?[] Spread<T>(ReadOnlySpan<bool> flags, ReadOnlySpan<T?> given)
        where T : class
    {
        var all = new T?[flags.Length];
        int next = 0;
        for (int i = 0; i < all.Length; i++)
            if (flags[i])
                all[i] = given[next++];
        return all;
    }

    /// <summary>The items whose flags are set.</summary>
    public static T[] Chosen<T>(ReadOnlySpan<bool> flags, ReadOnlySpan<T> items)
    {
        int count = flags.Count(true);
        var chosen = new T[count];
        for (int i = items.Length - 1; i >= 0; i--)
            if (flags[i])
                chosen[--count] = items[i];
        return chosen;
    }

    /// <summary>So many flags, of which the first is set.</summary>
    public static bool[] First(int count)
    {
        bool[] flags = new bool[count];
        flags[0] = true;
        return flags;
    }

    /// <summary>As many set flags.</summary>
    public static bool[] All(int count)
    {
        bool[] flags = new bool[count];
        Array.Fill(flags, true);
        return flags;
    }
}
