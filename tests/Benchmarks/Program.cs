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
var arguments = Arguments.Of(args);
var measurements = new List<Measurement>();
int failures = 0;
foreach (Case one in arguments.Cases)
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
new Report("benchmarks", Measurement.Header, [.. measurements.Select(one => (one.Case.Label, one.ToRow()))]).Write(
    arguments.Pages
);
return failures == 0 ? 0 : 1;
