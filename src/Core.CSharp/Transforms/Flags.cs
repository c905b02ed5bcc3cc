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

    /// <summary>As many set flags.</summary>
    public static bool[] All(int count)
    {
        bool[] flags = new bool[count];
        Array.Fill(flags, true);
        return flags;
    }
}
