// Run by build.sh and build.ps1. One configuration only: scripts and benchmarks load what tests have tested.
const string Solution = "Implicit.sln";
const string Configuration = "Release";
const string Runner = "paper-examples/runner/bin/Release/net10.0/runner.dll";
string verdict = "";

Task("Build").Does(() => DotNetBuild(Solution, new DotNetBuildSettings
{
    Configuration = Configuration,
    NoLogo = true,
    Verbosity = DotNetVerbosity.Quiet,
}));

Task("Lint").IsDependentOn("Build").Does(() =>
{
    Run("csharpier check .");
    Run("fantomas --check src tests paper-examples");
});

Task("Test").IsDependentOn("Build").Does(() =>
{
    int passed = 0, failed = 0, skipped = 0;
    int exit = Dotnet($"test --solution {Solution} -c {Configuration} --no-build --no-progress --no-ansi", line =>
    {
        Console.WriteLine(line);
        passed = Count(line, "succeeded:") ?? passed;
        failed = Count(line, "failed:") ?? failed;
        skipped = Count(line, "skipped:") ?? skipped;
    });
    Conclude(passed, failed, skipped);
    Require(exit == 0, $"dotnet test ended with code {exit}.");
});

Task("Demo").IsDependentOn("Build").Does(() => Run("fsi paper-examples/neural-ode.fsx"));

Task("Examples").IsDependentOn("Build").Does(() =>
{
    var failures = new List<string>();
    var scripts = GetFiles("paper-examples/*.fsx").Concat(GetFiles("paper-examples/*.csx"))
        .Where(file => file.GetFilenameWithoutExtension().ToString() != "load")
        .OrderBy(file => file.FullPath).ToList();
    foreach (FilePath script in scripts)
        if (!Passes(script)) failures.Add(script.GetFilename().ToString());
    Conclude(scripts.Count - failures.Count, failures.Count, 0);
    Require(failures.Count == 0, $"These examples failed: {string.Join(", ", failures)}.");
});

Task("Benchmark").IsDependentOn("Build").WithCriteria(DirectoryExists("tests/Benchmarks"), "there is no tests/Benchmarks")
    .Does(() => Run($"run --project tests/Benchmarks -c {Configuration} --no-build"));

Task("Pack").IsDependentOn("Build").Does(() => DotNetPack(Solution, new DotNetPackSettings
{
    Configuration = Configuration,
    NoBuild = true,
    NoLogo = true,
    OutputDirectory = "artifacts/nupkg",
}));

bool Passes(FilePath script)
{
    string name = script.GetFilename().ToString();
    string command = script.GetExtension() == ".csx" ? Runner : "fsi";
    var lines = new List<string>();
    var clock = System.Diagnostics.Stopwatch.StartNew();
    int exit = Dotnet($"{command} paper-examples/{name} --quick", lines.Add);
    string pass = lines.LastOrDefault(line => line.StartsWith("PASS"));
    if (exit == 0 && pass is not null)
    {
        Console.WriteLine($"{name}: {pass} ({clock.Elapsed.TotalSeconds:F1} s)");
        return true;
    }
    lines.ForEach(Console.WriteLine);
    Console.WriteLine($"{name}: FAIL, exit code {exit}{(pass is null ? ", no PASS line" : "")} ({clock.Elapsed.TotalSeconds:F1} s)");
    return false;
}

int Dotnet(string arguments, Action<string> onLine)
{
    string Take(string line)
    {
        if (line is not null) lock (Solution) onLine(line);
        return line;
    }
    return StartProcess("dotnet", new ProcessSettings
    {
        Arguments = arguments,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectedStandardOutputHandler = Take,
        RedirectedStandardErrorHandler = Take,
    });
}

void Run(string arguments)
{
    int exit = StartProcess("dotnet", new ProcessSettings { Arguments = arguments });
    Require(exit == 0, $"dotnet {arguments} ended with code {exit}.");
}

int? Count(string line, string label) =>
    line.Trim().StartsWith(label) && int.TryParse(line.Trim()[label.Length..], out int count) ? count : null;

void Conclude(int passed, int failed, int skipped) =>
    verdict = $"{passed} passed, {failed} failed" + (skipped > 0 ? $", {skipped} skipped" : "");

void Require(bool holds, string otherwise)
{
    if (!holds) throw new CakeException(otherwise);
}

// The verdict is the last line, after Cake's own report, in failure too.
try
{
    RunTarget(Argument("target", "Test"));
}
catch (Exception failure)
{
    Console.Error.WriteLine($"Error: {failure.Message}");
    if (verdict != "") Console.WriteLine(verdict);
    Environment.Exit(1);
}
if (verdict != "") Console.WriteLine(verdict);
