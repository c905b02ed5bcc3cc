using Implicit.Benchmarks;

// Usage: Benchmarks [--filter PART] [--markdown PAGE...]
// Runs the cases whose names contain PART. Prints a line of JSON for each, and at the end a table on the error stream, or into
// the pages, which mark its place.
int filterAt = Array.IndexOf(args, "--filter");
string filter = filterAt >= 0 && filterAt + 1 < args.Length ? args[filterAt + 1] : "";
int pagesAt = Array.IndexOf(args, "--markdown");
string[] pages = pagesAt < 0 ? [] : [.. args[(pagesAt + 1)..].TakeWhile(arg => !arg.StartsWith("--"))];
Case[] cases =
[
    .. Trajectories.All,
    .. NeuralOde.All,
    .. Products.All,
    .. EngineFloor.All,
    .. QuadraticPrograms.All,
    .. FusedLoops.All,
];
var measurements = new List<Measurement>();
foreach (Case one in cases.Where(one => one.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
{
    measurements.Add(one.Run());
    Console.WriteLine(measurements[^1].ToJson());
}
foreach (string page in pages)
    Report.Rewrite(page, measurements);
if (pages.Length == 0)
    Console.Error.WriteLine(string.Join('\n', Report.Table(measurements)));
return 0;
