using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Implicit.Backends.Cpu;

namespace Implicit.Benchmarks;

/// <summary>The table for people, on the screen and in the pages that show it.</summary>
internal static class Report
{
    /// <summary>
    /// A page shows between this line and <see cref="End"/> the cases that one of the patterns of the line fits, or all. Patterns stand
    /// between semicolons and are compared with name, size and method; * stands for anything.
    /// </summary>
    private const string Begin = "<!-- benchmarks";
    private const string Close = "-->";
    private const string End = "<!-- end of benchmarks -->";

    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    public static readonly string[] Header =
    [
        "| case | size | method | median | least | floor | median / floor | |",
        "|---|---|---|---|---|---|---|---|",
    ];

    public static IEnumerable<string> Table(IEnumerable<Measurement> measurements) =>
        Header.Concat(measurements.Select(measurement => measurement.ToRow()));

    /// <summary>Puts the table in the place that the page has marked for it.</summary>
    public static void Rewrite(string page, IReadOnlyList<Measurement> measurements)
    {
        string[] lines = File.ReadAllLines(page);
        int begin = Array.FindIndex(lines, line => line.StartsWith(Begin, StringComparison.Ordinal));
        int end = Array.IndexOf(lines, End);
        if (begin < 0 || end < begin)
            throw new InvalidOperationException($"{page} has no lines '{Begin} … -->' and '{End}'.");
        string[] patterns = lines[begin][Begin.Length..^Close.Length].Split(';', Trimmed);
        IEnumerable<Measurement> shown = measurements.Where(measurement =>
            patterns.Length == 0
            || patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, measurement.Case.Label))
        );
        File.WriteAllLines(page, [.. lines[..(begin + 1)], "", Machine(), "", .. Table(shown), "", .. lines[end..]]);
    }

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
