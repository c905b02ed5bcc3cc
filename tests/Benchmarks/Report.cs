using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Implicit.Backends.Cpu;

namespace Implicit.Benchmarks;

/// <summary>The table for people, on the screen or in the pages that show it.</summary>
/// <param name="Name">
/// What marks the place. A page shows between the lines &lt;!-- NAME PATTERNS --&gt; and &lt;!-- end of NAME --&gt; the cases that one of the
/// patterns fits, or all. Patterns stand between semicolons and are compared with name, size and method; * stands for anything.
/// </param>
/// <param name="Header">The first lines of the table.</param>
/// <param name="Rows">The others, each with the label of its case.</param>
internal sealed record Report(string Name, string[] Header, (string Label, string Row)[] Rows)
{
    private const string Close = "-->";

    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>Puts the table in the places that pages have marked for it; on the error stream if there are none.</summary>
    public void Write(string[] pages)
    {
        foreach (string page in pages)
            Rewrite(page);
        if (pages.Length == 0)
            Console.Error.WriteLine(string.Join('\n', Table([])));
    }

    private void Rewrite(string page)
    {
        string[] lines = File.ReadAllLines(page);
        string mark = $"<!-- {Name}";
        int begin = Array.FindIndex(lines, line => line.StartsWith(mark, StringComparison.Ordinal));
        int end = Array.IndexOf(lines, $"<!-- end of {Name} -->");
        if (begin < 0 || end < begin)
            throw new InvalidOperationException($"{page} has no lines '{mark} … -->' and '<!-- end of {Name} -->'.");
        string[] patterns = lines[begin][mark.Length..^Close.Length].Split(';', Trimmed);
        File.WriteAllLines(page, [.. lines[..(begin + 1)], "", Machine(), "", .. Table(patterns), "", .. lines[end..]]);
    }

    private IEnumerable<string> Table(string[] patterns) =>
        Header.Concat(
            from row in Rows
            where
                patterns.Length == 0
                || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, row.Label))
            select row.Row
        );

    /// <summary>What the figures were measured on.</summary>
    private static string Machine()
    {
        const string Models = "/proc/cpuinfo";
        string model =
            (
                File.Exists(Models)
                    ? File.ReadLines(Models)
                        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
                    : null
            )
                ?.Split(':')[1]
                .Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
        return $"{model}, {Environment.ProcessorCount} processors, vectors of {VectorWidth.Bits} bits, measured peak "
            + $"{Peak.Flops(DType.Float32) / 1e9:F0} GFLOP/s float32 and {Peak.Flops(DType.Float64) / 1e9:F0} float64; "
            + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}; one thread.";
    }
}
