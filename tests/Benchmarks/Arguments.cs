namespace Implicit.Benchmarks;

/// <summary>What to run and where to write: [--filter PART] [--markdown PAGE...].</summary>
/// <param name="Filter">What the name of a case must contain.</param>
/// <param name="Pages">The pages whose tables are written anew.</param>
internal sealed record Arguments(string Filter, string[] Pages)
{
    public static Arguments Of(string[] args)
    {
        int filterAt = Array.IndexOf(args, "--filter");
        int pagesAt = Array.IndexOf(args, "--markdown");
        return new Arguments(
            filterAt >= 0 && filterAt + 1 < args.Length ? args[filterAt + 1] : "",
            pagesAt < 0 ? [] : [.. args[(pagesAt + 1)..].TakeWhile(arg => !arg.StartsWith("--"))]
        );
    }

    /// <summary>The cases to run.</summary>
    public IEnumerable<Case> Cases =>
        Case.All.Where(one => one.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase));
}
