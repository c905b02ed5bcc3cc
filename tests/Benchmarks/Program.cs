using System.Globalization;
using Implicit;
using Implicit.Benchmarks;

// Usage: Benchmarks [--filter PART] [--markdown PAGE...]
// Runs the cases whose names contain PART. Prints a line of JSON for each, and at the end a table on the error stream, or into
// the pages, which mark its place. The library works on one thread.
Threads.Count = 1;
int memoryAt = Array.IndexOf(args, StepMemory.Argument);
if (memoryAt >= 0)
{
    StepMemory.Measure(int.Parse(args[memoryAt + 1], CultureInfo.InvariantCulture));
    return 0;
}
int filterAt = Array.IndexOf(args, "--filter");
string filter = filterAt >= 0 && filterAt + 1 < args.Length ? args[filterAt + 1] : "";
int pagesAt = Array.IndexOf(args, "--markdown");
string[] pages = pagesAt < 0 ? [] : [.. args[(pagesAt + 1)..].TakeWhile(arg => !arg.StartsWith("--"))];
Case[] cases =
[
    .. Trajectories.All,
    .. NeuralOde.All,
    .. StepMemory.All,
    .. Flow.All,
    .. Equilibrium.All,
    .. QuadraticPrograms.All,
    .. Factorisations.All,
    .. Products.All,
    .. EngineFloor.All,
    .. FusedLoops.All,
    .. FusedFields.All,
];
var measurements = new List<Measurement>();
int failures = 0;
foreach (Case one in cases.Where(one => one.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
{
    try
    {
        measurements.Add(one.Run());
        Console.WriteLine(measurements[^1].ToJson());
    }
    catch (Exception error) when (error is TensorException or SolveException)
    {
        failures++;
        Console.Error.WriteLine($"{one.Name}, {one.Size}, {one.Method}: {error.Message}");
    }
}
foreach (string page in pages)
    Report.Rewrite(page, measurements);
if (pages.Length == 0)
    Console.Error.WriteLine(string.Join('\n', Report.Table(measurements)));
return failures == 0 ? 0 : 1;
