namespace Implicit.Testing;

/// <summary>The lines that differ between two texts, by their longest common subsequence.</summary>
internal static class LineDifference
{
    /// <summary>Lines only in <paramref name="before"/> marked by -, only in <paramref name="after"/> by +, each group under the
    /// nearest line above that starts a paragraph.</summary>
    public static IEnumerable<string> Of(string[] before, string[] after)
    {
        int[,] common = CommonTails(before, after);
        string title = "";
        string shown = "";
        int i = 0;
        int j = 0;
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                title = after[j].StartsWith(' ') || after[j].Length == 0 ? title : after[j];
                i++;
                j++;
                continue;
            }

            if (title != shown)
            {
                yield return $"  {title}";
                shown = title;
            }

            bool removed = j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]);
            yield return removed ? $"- {before[i++]}" : $"+ {after[j++]}";
        }
    }

    private static int[,] CommonTails(string[] before, string[] after)
    {
        int[,] length = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int j = after.Length - 1; j >= 0; j--)
            {
                length[i, j] =
                    before[i] == after[j] ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        return length;
    }
}
